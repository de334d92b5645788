// The page: what comes in, what is shown of it, and where each link leads.
import { OPERATIONS, readControls, startControls } from './controls.js';
import { contactName, openContact, readContacts, startContacts } from './contacts.js';
import { byId, el, fill, joinCures, plural, setText, statusText } from './dom.js';
import { showExchange } from './exchange.js';
import { List } from './list.js';
import { ask } from './plane.js';
import { follow } from './stream.js';
import { startToken } from './token.js';

const KEPT_MAX = 20000;     // exchanges that the page holds
const SPOKEN_EVERY_MS = 4000;
const READ_EVERY_MS = 400;
const CONTACT = /^\/v2\/contact\/([\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12})\//i;
const HIDDEN_FLUSH_MS = 250; // a hidden tab has no frames

const kept = [];            // all, the oldest first
let waiting = [];           // came since the last frame, or while paused
let isPaused = false, isPlanned = false, isLoading = true, life = null, lost = 0;
let wantsToRead = new Set(), readTimer = null;
let refusals = 0, lastRefusal = null, speakTimer = null, unseen = 0, newer = 0;

const list = new List(contactName, openExchange);

// ---- filter ----

const filter = { text: '', status: '', operation: '' };

function words(exchange) {
    exchange.words ??= [exchange.method, exchange.path, exchange.operation, statusText(exchange.status), exchange.request_id, exchange.contact,
        ...exchange.findings.map(one => `${one.clause} ${one.code} ${one.message}`), JSON.stringify(exchange.body),
        JSON.stringify(exchange.claims), JSON.stringify(exchange.fault)].join('\n').toLowerCase();
    return exchange.words;
}

function isWanted(exchange) {
    return (filter.status === '' || (filter.status === 'finding' ? exchange.findings.length > 0
        : filter.status.length === 1 && filter.status !== '0' ? statusText(exchange.status)[0] === filter.status
            : exchange.status === Number(filter.status))) &&
        (filter.operation === '' || (filter.operation === 'none' ? exchange.operation === null : exchange.operation === filter.operation)) &&
        (filter.text === '' || words(exchange).includes(filter.text) || contactName(exchange.contact).toLowerCase().includes(filter.text));
}

function refilter() {
    filter.text = byId('filter-text').value.trim().toLowerCase();
    filter.status = byId('filter-status').value;
    filter.operation = byId('filter-operation').value;
    newer = 0;
    list.set(kept.filter(isWanted));
    paintCounts();
    setText(byId('announce'), byId('shown').textContent);
}

// ---- counts, and what is said ----

function paintCounts() {
    const isFiltered = filter.text !== '' || filter.status !== '' || filter.operation !== '';
    const dropped = lost > 0 ? `, ${lost.toLocaleString('en')} older dropped` : '';

    setText(byId('shown'), isFiltered ? `${list.count.toLocaleString('en')} of ${plural(kept.length, 'request')}`
        : plural(kept.length, 'request') + dropped);
    byId('empty').hidden = list.count > 0;
    if (list.count === 0)
        fill(byId('empty'), ...(isLoading ? ['Loading…'] : kept.length > 0 ? ['No request matches the filter.']
            : [el('p', null, 'No requests yet. Send one:'), el('pre', null, `eval "$(heymarket-mock env --url ${new URL('.', location.href)})"\n` +
                'heymarket channel list $HEYMARKET_CONTACT_ID')]));
    byId('newer').hidden = newer === 0 || list.isAtTop;
    setText(byId('newer'), `${plural(newer, 'newer request')} ↑`);
    setText(byId('pause'), isPaused ? `Resume (${waiting.length.toLocaleString('en')})` : 'Pause');
    document.title = (unseen > 0 ? `(${unseen}) ` : '') + 'heymarket-mock';
    paintSteps();
}

// Newer and Older, as far as there is one.
function paintSteps() {
    for (const button of document.querySelectorAll('#exchange [data-by]'))
        button.disabled = list.beside(Number(button.dataset.by)) === undefined;
}

// New refusals, together, not one by one.
function speak(exchanges) {
    for (const exchange of exchanges) {
        if (exchange.status >= 400 || exchange.status === 0) {
            refusals++;
            lastRefusal = exchange;
            unseen += document.hidden ? 1 : 0;
        }
    }
    if (refusals === 0 || speakTimer !== null)
        return;
    const finding = lastRefusal.findings[0];

    setText(byId('announce'), `${refusals === 1 ? 'New refusal' : `${refusals} new refusals, the last`}: ${statusText(lastRefusal.status)} ` +
        `${lastRefusal.operation ?? lastRefusal.method} ${finding ? finding.message : ''}`.slice(0, 300));
    refusals = 0;
    speakTimer = setTimeout(() => { speakTimer = null; speak([]); }, SPOKEN_EVERY_MS);
}

// ---- what comes in ----

function flush() {
    isPlanned = false;
    if (isPaused)
        return paintCounts();
    const come = waiting, wanted = come.filter(isWanted);

    waiting = [];
    for (const exchange of come)
        kept.push(exchange);
    if (!list.isAtTop)
        newer += wanted.length;
    list.add(wanted);
    if (kept.length > KEPT_MAX) {
        const dropped = kept.splice(0, kept.length - KEPT_MAX);

        lost += dropped.length;
        list.drop(dropped.filter(isWanted).length);
    }
    paintCounts();
    if (location.hash.startsWith('#exchange/') && document.body.dataset.view !== 'exchange')
        route('moved'); // the page was opened with that address
}

function plan() {
    if (isPlanned)
        return;
    isPlanned = true;
    if (document.hidden)
        setTimeout(flush, HIDDEN_FLUSH_MS);
    else
        requestAnimationFrame(flush);
}

function empty() {
    kept.length = 0;
    waiting = [];
    lost = newer = unseen = 0;
    list.mark(null);
    list.set([]);
    if (document.body.dataset.view === 'exchange')
        location.replace('#requests');
    paintCounts();
}

// Many changes are read once.
function readSoon(what) {
    what.forEach(one => wantsToRead.add(one));
    readTimer ??= setTimeout(() => {
        const wanted = [...wantsToRead];

        readTimer = null;
        wantsToRead = new Set();
        readControls(wanted);
        if (wanted.includes('contacts'))
            readContacts();
    }, READ_EVERY_MS);
}

const events = {
    hello(hello) {
        if (life !== null && life !== hello.started)
            say('The mock was started again; its journal begins anew.', 'warn');
        if (!hello.resumed)
            empty();
        life = hello.started;
        isLoading = !hello.resumed;
        paintCounts();
        readControls();
        readContacts();
    },
    exchange(exchange) {
        joinCures(exchange);
        exchange.contact ??= CONTACT.exec(exchange.path)?.[1].toLowerCase() ?? null; // a refused token leaves it out
        waiting.push(exchange);
        if (waiting.length >= 2 * KEPT_MAX) // while paused
            lost += waiting.splice(0, KEPT_MAX).length;
        if (!isLoading) // else it was before the page
            speak([exchange]);
        plan();
    },
    ready() {
        isLoading = false;
        paintCounts();
    },
    lost({ count }) {
        lost += count;
        plan();
    },
    changed({ what }) {
        if (what.includes('journal'))
            empty();
        readSoon(what);
    },
    state(tone, text) {
        byId('state').className = `state ${tone}`;
        setText(byId('state-text'), text);
    },
};

// ---- views ----

let told;
function say(text, tone) {
    clearTimeout(told);
    byId('told').className = `told ${tone}`;
    setText(byId('told'), text);
    if (tone !== 'bad' && text !== '')
        told = setTimeout(() => say('', 'good'), 6000);
}

const isNarrow = () => matchMedia('(max-width: 63.99rem)').matches;

function openExchange(exchange, how) {
    const hash = `#exchange/${exchange.request_id}`;

    if (how === 'moved')
        history.replaceState(null, '', hash);
    else if (location.hash !== hash)
        history.pushState(null, '', hash);
    route(how);
}

// Shows what the address says. `how` it was asked for decides where the focus goes.
function route(how = 'link') {
    const [view, id] = location.hash.slice(1).split('/');
    const exchange = view === 'exchange' ? kept.find(one => one.request_id === id) : undefined;
    const name = exchange !== undefined ? 'exchange' : ['controls', 'contacts', 'token'].includes(view) ? view : 'requests';
    const panel = name === 'requests' ? 'controls' : name;

    document.body.dataset.view = name;
    list.mark(exchange ?? null);
    for (const one of document.querySelectorAll('[data-panel]'))
        one.hidden = one.dataset.panel !== panel;
    byId('exchange-link').hidden = exchange === undefined;
    if (exchange !== undefined) {
        byId('exchange-link').href = location.hash;
        showExchange(exchange, contactName(exchange.contact), by => openExchange(list.beside(by), 'button'),
            () => { location.hash = '#requests'; });
        paintSteps();
    }
    for (const link of document.querySelectorAll('.views a')) {
        if (link.dataset.view === name)
            link.setAttribute('aria-current', 'page');
        else
            link.removeAttribute('aria-current');
    }
    if (how === 'start' || how === 'moved' || (how === 'click' && !isNarrow()))
        return;
    byId('side').scrollTop = 0;
    if (view === 'contacts' && id !== undefined)
        openContact(id);
    else if (name === 'requests')
        list.focus();
    else
        byId(`${name}-title`).focus({ preventScroll: true });
}

function start() {
    const operation = byId('filter-operation');

    operation.append(...OPERATIONS.map(name => el('option', { value: name }, name)), el('option', { value: 'none' }, 'Other calls'));
    startControls(say);
    startContacts(() => list.rewrite());
    startToken();
    byId('filter-text').closest('form').addEventListener('submit', event => event.preventDefault());
    byId('filter-text').addEventListener('input', refilter);
    byId('filter-status').addEventListener('change', refilter);
    operation.addEventListener('change', refilter);
    byId('pause').addEventListener('click', () => {
        isPaused = !isPaused;
        byId('pause').classList.toggle('on', isPaused);
        flush();
    });
    byId('clear').addEventListener('click', () =>
        ask('journal', 'DELETE').catch(error => say(error.message, 'bad'))); // an event says when it is empty
    byId('newer').addEventListener('click', () => {
        list.toTop();
        list.focus();
    });
    byId('list').addEventListener('scroll', () => {
        if (list.isAtTop && newer > 0) {
            newer = 0;
            paintCounts();
        }
    }, { passive: true });
    document.addEventListener('visibilitychange', () => {
        unseen = 0;
        flush(); // a frame that was asked for does not come in a hidden tab
    });
    document.addEventListener('keydown', event => {
        const isTyping = event.target.closest('input, textarea, select') !== null;

        if (event.key === 'Escape' && document.body.dataset.view === 'exchange' && !isTyping)
            location.hash = '#requests';
    });
    window.addEventListener('hashchange', () => route('link'));
    route('start');
    follow(events);
}

start();
