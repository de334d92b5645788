// "Paste a token": the doctor's verdict. Nothing is kept.
import { badge, byId, el, fill, findingCard, joinCures } from './dom.js';
import { claimFacts } from './exchange.js';
import { ask } from './plane.js';

const PAUSE_MS = 250;

// What was pasted, as the header's value: a header line loses its name, a token alone gets its scheme.
function headerValue(text) {
    const value = text.trim().replace(/^authorization\s*:\s*/i, '');

    return /^[\w-]+\.[\w-]*\.[\w-]*$/.test(value) ? `Bearer ${value}` : value;
}

function decoded(segment) {
    try {
        const bytes = Uint8Array.from(atob(segment.replace(/-/g, '+').replace(/_/g, '/')), one => one.charCodeAt(0));
        const value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));

        return typeof value === 'object' && value !== null ? value : null;
    } catch {
        return null;
    }
}

function part(title, members) {
    return members !== null && el('div', null, el('h3', null, title), el('dl', { 'aria-label': title }, ...claimFacts(members)));
}

function show(verdict, value) {
    const [header, claims] = value.replace(/^bearer\s+/i, '').split('.').map(decoded);
    joinCures(verdict);
    const isGood = verdict.verdict === 'good';
    const age = verdict.age_s === null ? null : `${Math.round(verdict.age_s)} s old by the mock's clock`;

    fill(byId('token-verdict'),
        el('div', { class: `banner ${isGood ? 'good' : 'bad'}` }, el('strong', null, isGood ? 'Good' : 'Refused'),
            el('span', null, isGood ? `The mock accepts this token, ${age}.` : age === null ? 'The mock refuses it.' : `The mock refuses it; it is ${age}.`)),
        ...verdict.findings.map(findingCard),
        isGood && el('p', null, 'Signed with the secret ', el('code', null, verdict.secret_id)),
        part('Header', header ?? null), part('Claims', claims ?? null));
}

export function startToken() {
    const box = byId('token-text');
    let timer, serial = 0;

    async function check() {
        const mine = ++serial, value = headerValue(box.value);

        clearTimeout(timer);
        if (box.value.trim() === '')
            return fill(byId('token-verdict'));
        try {
            const verdict = await ask('doctor', 'POST', { authorization: value });

            if (mine === serial)
                show(verdict, value);
        } catch (error) {
            if (mine === serial)
                fill(byId('token-verdict'), el('p', { class: 'card bad' }, badge('bad', 'not checked'), ' ', error.message));
        }
    }

    box.addEventListener('input', () => {
        clearTimeout(timer);
        timer = setTimeout(check, PAUSE_MS);
    });
    byId('token-form').addEventListener('submit', event => {
        event.preventDefault();
        check();
    });
    byId('token-form').addEventListener('reset', () => {
        serial++;
        clearTimeout(timer);
        fill(byId('token-verdict'));
    });
}
