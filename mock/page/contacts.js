// The contacts, and the channels of those that are open.
import { byId, copyButton, el, fill, plural } from './dom.js';
import { ask } from './plane.js';

const PAGE = 100;

const names = new Map(); // uuid -> name
const opened = new Set();
let contacts = [], total = 0, found = null, renamed;

// "ada", or the beginning of the UUID; "" for null.
export function contactName(uuid) {
    if (uuid === null)
        return '';
    return names.get(uuid) ?? `${uuid.slice(0, 8)}…`;
}

const same = (a, b) => JSON.stringify(a) === JSON.stringify(b);

function channelTable(channels) {
    if (channels.length === 0)
        return el('p', { class: 'note' }, 'No channels.');
    const columns = ['Type', 'ID', 'Created'];
    const cells = one => [one.channel_type,
        [el('code', null, one.channel_id), one.channel_handle !== '' && [' ', el('small', null, one.channel_handle)]],
        [String(one.created).replace('T', ' ').replace('Z', ''), ' ', el('small', null, `no. ${one.id}`)]];

    return el('table', null, el('thead', null, el('tr', null, ...columns.map(name => el('th', { scope: 'col' }, name)))),
        el('tbody', null, ...channels.map(one => el('tr', null,
            ...cells(one).map((value, i) => el('td', { 'data-label': columns[i] }, ...[value].flat(2)))))));
}

async function fillChannels(uuid, place) {
    try {
        fill(place, channelTable((await ask(`contacts/${encodeURIComponent(uuid)}`)).channels));
    } catch (error) {
        fill(place, el('p', { class: 'note' }, error.message));
    }
}

function contactRow(one) {
    const place = el('div', { class: 'channels' });

    return el('details', { 'data-uuid': one.uuid, open: opened.has(one.uuid), on: { toggle: event => {
        if (!event.target.open)
            return opened.delete(one.uuid);
        opened.add(one.uuid);
        fillChannels(one.uuid, place);
    } } }, el('summary', null, el('b', null, one.name ?? contactName(one.uuid)), ' ', el('small', null, `team ${one.team_id}`)),
    el('p', { class: 'uuid' }, el('code', null, one.uuid), ' ', copyButton(one.uuid, `Copy the UUID of ${one.name ?? one.uuid}`)), place);
}

function paint() {
    const text = byId('contacts-text').value.trim().toLowerCase();
    const shown = text === '' ? contacts : contacts.filter(one => one.uuid.includes(text) || (one.name ?? '').toLowerCase().includes(text));
    const all = found !== null && !shown.some(one => one.uuid === found.uuid) ? [found, ...shown] : shown;

    fill(byId('contacts-list'), ...all.map(contactRow));
    fill(byId('contacts-count'), text === '' ? plural(total, 'contact') : `${all.length} of ${plural(total, 'contact')}`);
    byId('contacts-more').hidden = contacts.length >= total || text !== '';
}

// Reads the contacts that are shown again; elements stay if only channels changed.
export async function readContacts() {
    const wanted = Math.max(PAGE, contacts.length), before = contacts;
    let read = [], count;

    try {
        do {
            const page = await ask(`contacts?offset=${read.length}&limit=${Math.min(1000, wanted - read.length)}`);

            count = page.total;
            read = read.concat(page.contacts);
            if (page.contacts.length === 0)
                break;
        } while (read.length < Math.min(wanted, count));
    } catch {
        return; // the state of the connection says so
    }
    contacts = read;
    total = count;
    for (const one of read)
        if (one.name !== undefined)
            names.set(one.uuid, one.name);
    if (!same(before, read)) {
        paint();
        renamed();
        return;
    }
    for (const row of byId('contacts-list').querySelectorAll('details[open]'))
        fillChannels(row.dataset.uuid, row.querySelector('.channels'));
}

// Opens one contact, also one that is not in the list.
export async function openContact(uuid) {
    opened.add(uuid);
    if (!contacts.some(one => one.uuid === uuid))
        found = await ask(`contacts/${encodeURIComponent(uuid)}`).catch(() => null);
    byId('contacts-text').value = '';
    paint();
    byId('contacts-list').querySelector(`[data-uuid="${CSS.escape(uuid)}"] summary`)?.focus();
}

export function startContacts(onNames) {
    let timer;

    renamed = onNames;
    byId('contacts-find').addEventListener('submit', event => event.preventDefault());
    byId('contacts-text').addEventListener('input', () => {
        found = null;
        paint();
        clearTimeout(timer);
        timer = setTimeout(async () => { // one that is not in the list yet
            const text = byId('contacts-text').value.trim();

            if (text === '' || contacts.length >= total)
                return;
            const one = await ask(`contacts/${encodeURIComponent(text)}`).catch(() => null);

            if (byId('contacts-text').value.trim() === text && one !== null) {
                found = one;
                paint();
            }
        }, 250);
    });
    byId('contacts-more').addEventListener('click', async () => {
        contacts = contacts.concat((await ask(`contacts?offset=${contacts.length}&limit=${PAGE}`).catch(() => ({ contacts: [] }))).contacts);
        paint();
    });
}
