// Elements and texts. What a client sent becomes text nodes and nothing else.

// Characters that are not seen, or turn the text around them.
const HIDDEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Co}\p{Cn}\p{Cs}\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\uffa0]/gu;

function escaped(character) {
    if (character === '\n' || character === '\t')
        return character;
    if (/\p{Cs}/u.test(character))
        return '\\u' + character.charCodeAt(0).toString(16).toUpperCase();
    return encodeURIComponent(character).replace(/%/g, '\\x');
}

// The text as it may be shown: such characters as the bytes \xNN, as in the mock's own messages.
export function plain(text) {
    return String(text).replace(HIDDEN, escaped);
}

export const byId = id => document.getElementById(id);

// el('a', { href: '#x', class: 'y' }, 'text', child...); a member `on` has listeners, null is left out.
export function el(name, members, ...children) {
    const element = document.createElement(name);

    for (const [key, value] of Object.entries(members ?? {})) {
        if (key === 'on')
            for (const [event, listener] of Object.entries(value))
                element.addEventListener(event, listener);
        else if (value !== null && value !== undefined && value !== false)
            element.setAttribute(key, value === true ? '' : plain(value));
    }
    fill(element, ...children);
    return element;
}

const FOCUSABLE = 'a[href], button:enabled, input, select, summary, [tabindex]';
const nameOf = element => element.getAttribute('aria-label') ?? element.textContent;

// Replaces what the element has. The focus stays on what has the same name or, if that has gone, the same place.
export function fill(element, ...children) {
    const focused = element.contains(document.activeElement) ? document.activeElement : null;
    const place = focused && [...element.querySelectorAll(FOCUSABLE)].indexOf(focused);

    element.replaceChildren(...children.flat().filter(child => child !== null && child !== undefined && child !== false)
        .map(child => child instanceof Node ? child : plain(child)));
    if (focused === null || focused === element)
        return;
    const now = [...element.querySelectorAll(FOCUSABLE)];
    const next = now.find(one => nameOf(one) === nameOf(focused)) ?? now[Math.min(place, now.length - 1)] ?? element;

    if (next === element)
        element.tabIndex = -1;
    next.focus({ preventScroll: true });
}

// Writes only what differs, so that screen readers and selections are left alone.
export function setText(element, text) {
    const shown = plain(text);

    if (element.textContent !== shown)
        element.textContent = shown;
}

export function badge(tone, text) {
    return el('span', { class: `badge ${tone}` }, text);
}

export function statusTone(exchange) {
    if (exchange.status >= 200 && exchange.status < 300)
        return exchange.findings.length > 0 ? 'warn' : 'good';
    return exchange.status === 429 ? 'warn' : 'bad';
}

export const statusText = status => status === 0 ? 'none' : String(status);

export function duration(us) {
    if (us < 1000)
        return `${us} µs`;
    return us < 1000000 ? `${(us / 1000).toFixed(us < 10000 ? 1 : 0)} ms` : `${(us / 1000000).toFixed(1)} s`;
}

// "2026-11-29 04:41:47 UTC"
export function utc(seconds) {
    const date = new Date(seconds * 1000);

    return Number.isNaN(date.getTime()) ? String(seconds) : date.toISOString().slice(0, 19).replace('T', ' ') + ' UTC';
}

export const plural = (count, one, many = one + 's') => `${count.toLocaleString('en')} ${count === 1 ? one : many}`;

// Gives the findings their cures, which come beside them in the same order.
export function joinCures({ findings, cures = [] }) {
    cures.forEach((cure, i) => { findings[i].cure ??= cure; });
}

// A finding as { what, cure }: its message is "what: cure".
export function finding(found) {
    const cure = found.cure ?? '';
    const message = found.message ?? '';

    if (cure === '' || !message.endsWith(cure))
        return { what: message, cure };
    return { what: message.slice(0, -cure.length).replace(/:\s*$/, ''), cure };
}

export function findingCard(found) {
    const { what, cure } = finding(found);

    return el('article', { class: `card ${found.severity === 'refused' ? 'bad' : 'warn'}` },
        el('h3', null, el('span', { class: 'clause' }, found.clause), ' ', found.code, ' ',
            badge(found.severity === 'refused' ? 'bad' : 'warn', found.severity)),
        el('p', { class: 'what' }, what),
        cure !== '' && el('p', { class: 'cure' }, el('b', null, 'Cure: '), cure));
}

export function facts(pairs) {
    return pairs.filter(([, value]) => value !== null && value !== undefined && value !== '')
        .flatMap(([name, value]) => [el('dt', null, name), el('dd', null, ...[value].flat())]);
}

async function copy(text, button) {
    const before = button.textContent;
    let done = true;

    try {
        await navigator.clipboard.writeText(text);
    } catch {
        const area = el('textarea', { class: 'unseen', readonly: true });
        const focused = document.activeElement;

        area.value = text;
        document.body.append(area);
        area.select();
        done = document.execCommand('copy');
        area.remove();
        focused?.focus();
    }
    button.textContent = done ? 'Copied' : 'Not copied';
    setTimeout(() => { button.textContent = before; }, 1500);
}

export function copyButton(text, label) {
    return el('button', { type: 'button', class: 'copy', 'aria-label': label, 'aria-live': 'polite',
                          on: { click: event => copy(text, event.currentTarget) } }, 'Copy');
}

// Lines as they are, with a button that copies them.
export function lines(title, text, copied = text) {
    return el('div', { class: 'lines' },
        el('div', { class: 'lines-head' }, el('h3', null, title), copyButton(copied, `Copy: ${title}`)),
        el('pre', { tabindex: '0', 'aria-label': title }, text));
}

// JSON indented; a string as it is.
export function jsonText(value) {
    return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
