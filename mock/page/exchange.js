// One exchange in full.
import { badge, byId, duration, el, facts, fill, findingCard, jsonText, lines, statusText, statusTone, utc } from './dom.js';
import { faultText } from './list.js';

const LIFE_S = 300; // of a token [J6]

function age(exchange) {
    const iat = exchange.claims?.iat;
    const seconds = Math.floor(exchange.age_s ?? Date.parse(exchange.time) / 1000 - iat);

    if (typeof iat !== 'number' || Number.isNaN(seconds))
        return null;
    const tone = seconds > LIFE_S || seconds < -60 ? 'bad' : seconds > 240 ? 'warn' : 'good';

    return badge(tone, seconds < 0 ? `signed ${-seconds} s in the future` : `${seconds} s old of ${LIFE_S}`);
}

// A table of the token's claims, with times in words.
export function claimFacts(claims) {
    return facts(Object.entries(claims).map(([name, value]) => {
        const isTime = ['iat', 'exp', 'nbf'].includes(name) && typeof value === 'number';

        return [name, [el('code', null, jsonText(value)), isTime && ` ${utc(value)}`]];
    }));
}

function token(exchange) {
    if (exchange.header === null && exchange.claims === null)
        return el('p', { class: 'note' }, 'The request had no token that can be read.');
    const isObject = value => typeof value === 'object' && value !== null;

    return el('div', null,
        el('h3', null, 'Token ', age(exchange)),
        isObject(exchange.header) && el('dl', { 'aria-label': 'Header' }, ...claimFacts(exchange.header)),
        isObject(exchange.claims) && el('dl', { 'aria-label': 'Claims' }, ...claimFacts(exchange.claims)));
}

function text(title, value, isCut) {
    if (value === null || value === undefined || value === '')
        return null;
    return lines(isCut ? `${title} (cut)` : title, jsonText(value));
}

// `contact` is its name; `step` goes to the next newer (1) or older one (-1), `close` back.
export function showExchange(exchange, contact, step, close) {
    const tone = statusTone(exchange);
    const button = (label, by) => el('button', { type: 'button', 'data-by': by, on: { click: () => step(by) } }, label);

    fill(byId('exchange'),
        el('div', { class: 'bar' }, el('button', { type: 'button', class: 'back', on: { click: close } }, 'Back'),
            button('Newer', 1), button('Older', -1)),
        el('h2', { id: 'exchange-title', tabindex: '-1' }, badge(tone, statusText(exchange.status)), ' ', exchange.method, ' ',
            exchange.operation ?? 'unknown call'),
        el('p', { class: 'path' }, el('code', null, exchange.path)),
        ...exchange.findings.map(findingCard),
        exchange.fault !== null && el('p', { class: 'card warn' }, `Made to fail by a fault rule: ${faultText(exchange.fault)}.`),
        el('dl', null, ...facts([
            ['Time', utc(Date.parse(exchange.time) / 1000)],
            ['Took', duration(exchange.us)],
            ['Contact', exchange.contact === null ? null : contact === exchange.contact.slice(0, 8) + '…' ? exchange.contact
                : [el('a', { href: `#contacts/${exchange.contact}` }, contact), ` ${exchange.contact}`]],
            ['Team', exchange.team],
            ['Request ID', exchange.request_id],
        ])),
        token(exchange),
        text('Body', exchange.body, exchange.body_truncated),
        exchange.answer === undefined ? el('p', { class: 'note' }, 'The answer was not kept, because no page was open, or too many requests came at once.')
            : text('Answer', exchange.answer, exchange.answer_truncated),
        exchange.curl && lines('Repeat it', exchange.curl),
        exchange.curl?.includes('token sign') && el('p', { class: 'note' },
            'It signs a new token with HEYMARKET_API_SECRET_ID and HEYMARKET_API_SECRET_KEY of your shell.'));
}
