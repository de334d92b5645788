// Clock, faults, policies, reset; and what of them is in effect, in the header.
import { byId, el, facts, fill, plain, plural, setText, utc } from './dom.js';
import { faultText } from './list.js';
import { ask } from './plane.js';

const AHEAD_S = 301; // a second more than a token lives [J6]
const RESET = [['state', 'contacts and channels'], ['journal', 'journal'], ['faults', 'faults'], ['clock', 'clock'],
    ['limits', 'rate limits'], ['policy', 'policies'], ['expect', 'expected refusals']];
const SLOW = { delay: '3s' };
const FAULTS = { 429: { status: 429, 'retry-after': 1, times: 1 }, 500: { status: 500, times: 1 },
                 slow: SLOW, lost: { abort: 'reset', commit: 'yes', times: 1 } };

export const OPERATIONS = ['channel_create', 'channel_get', 'channel_list', 'channel_update', 'channel_delete', 'inbox_list'];

const now = { clock: null, faults: [], policy: {}, choices: {}, health: null, sandbox: null, sandboxes: [] };
let readAt = 0; // performance.now() when the clock was read
let tell;

// A rule counts as used up when it was done as often as it may be.
const isLeft = rule => rule.times === undefined || rule.done < rule.times;
const isForOne = rule => rule.channel_id !== undefined;
const isSlow = (rule, operation) => rule.delay === SLOW.delay && rule.times === undefined && rule.status === undefined &&
    rule.abort === undefined && !isForOne(rule) && rule.operation === operation;

function clockNow() {
    const passed = now.clock.clock === 'frozen' ? 0 : Math.floor((performance.now() - readAt) / 1000);

    return now.clock.now + passed;
}

// ---- the header ----

function forceOfClock() {
    const clock = now.clock, time = el('time', { id: 'force-time' });
    const elapsed = clock.elapsed.reduce((sum, one) => sum + one.elapse_s, 0);
    const words = clock.clock === 'frozen' ? 'frozen' : clock.clock === 'offset'
        ? `${clock.offset_s < 0 ? '−' : '+'}${Math.abs(clock.offset_s)} s` : 'real';

    return ['Clock', clock.clock !== 'real' || elapsed > 0, `${words}${elapsed > 0 ? `, tokens aged ${elapsed} s` : ''}`, time];
}

function forceOfFaults() {
    const left = now.faults.filter(isLeft), armed = left.filter(rule => !isForOne(rule));
    const text = armed.length > 0 ? faultText(armed[0]).split(', ')[0] + (left.length > 1 ? ` and ${left.length - 1} more` : '')
        : left.length > 0 ? `${left.length} by id` : 'none';

    return ['Faults', armed.length > 0, text];
}

function changedPolicies() {
    return Object.entries(now.policy).filter(([name, value]) => now.choices[name] && String(now.choices[name][0]) !== value);
}

function forceOfPolicy() {
    const changed = changedPolicies();

    return ['Policy', changed.length > 0, changed.length === 0 ? 'default'
        : changed[0].join('=') + (changed.length > 1 ? ` and ${changed.length - 1} more` : '')];
}

function forceOfWorld() {
    if (now.sandbox !== null)
        return ['Sandbox', true, now.sandbox.slice(0, 8)];
    return now.sandboxes.length > 0 ? ['World', false, `main, ${plural(now.sandboxes.length, 'sandbox', 'sandboxes')}`] : null;
}

function paintForce() {
    if (now.clock === null)
        return;
    const wrong = now.health?.misbehaviour ?? null;
    const rows = [forceOfClock(), forceOfFaults(), forceOfPolicy(), forceOfWorld()];

    if (wrong !== null)
        rows.push(['Misbehaves', true, wrong]);
    fill(byId('force'), ...rows.filter(Boolean).map(([name, isSet, text, more]) => el('li', null,
        el('a', { href: '#controls', class: isSet ? 'warn' : 'neutral', title: `${name}: ${text}` },
            el('span', { class: 'name' }, name), ' ', el('b', null, text), more && ' ', more))));
    tick();
}

function tick() {
    const time = byId('force-time');

    if (now.clock === null || time === null)
        return;
    setText(time, utc(clockNow()).slice(11, 19));
    setText(byId('clock-now'), `${utc(clockNow())}, ${byId('force').querySelector('b').textContent}`);
}

// ---- what the buttons do ----

const clockChanges = {
    real: () => ({ real: true }),
    ahead: clock => clock.clock === 'frozen' ? { now: clockNow() + AHEAD_S } : { offset_s: (clock.offset_s ?? 0) + AHEAD_S },
    freeze: () => ({ now: clockNow() }),
    age: () => ({ elapse_s: AHEAD_S }),
};

// The rules as they stand, so that none starts to count anew: what is left of each.
async function faultsLeft() {
    const { faults } = await ask('faults');

    return faults.filter(isLeft).map(({ matched, done, ...rule }) => {
        if (rule.times !== undefined)
            rule.times -= done;
        if (rule.nth !== undefined)
            rule.nth = Math.max(1, rule.nth - matched);
        return rule;
    });
}

async function putFault(name) {
    const operation = byId('fault-operation').value || undefined;
    const rule = operation === undefined ? FAULTS[name] : { operation, ...FAULTS[name] };
    const left = await faultsLeft();
    const others = name === 'slow' ? left.filter(one => !isSlow(one, operation)) : left;

    // Slow is a switch.
    await ask('faults', 'PUT', { faults: others.length < left.length ? others : [rule, ...others] });
    await read.faults();
}

async function dropFault(index) {
    const dropped = JSON.stringify(now.faults[index]);
    const { faults } = await ask('faults');

    if (JSON.stringify(faults[index]) !== dropped)
        throw new Error('The rules have changed meanwhile; look at them again.');
    await ask('faults', 'PUT', { faults: faults.filter((rule, i) => i !== index && isLeft(rule)).map(({ matched, done, ...rule }) =>
        rule.times === undefined ? rule : { ...rule, times: rule.times - done }) });
    await read.faults();
}

// ---- what the panel shows ----

function faultRow(rule, index) {
    const words = faultText(rule);
    const left = rule.times === undefined ? `done ${rule.done}×` : `done ${rule.done} of ${rule.times}`;

    return el('li', { class: isLeft(rule) ? isForOne(rule) ? 'neutral' : 'warn' : 'neutral spent' },
        el('span', null, words, ' ', el('small', null, left)),
        el('button', { type: 'button', 'aria-label': `Remove: ${words}`, on: { click: () => run(() => dropFault(index)) } }, 'Remove'));
}

function paintFaults() {
    const operation = byId('fault-operation').value || undefined;

    document.querySelector('[data-fault=slow]').setAttribute('aria-pressed', String(now.faults.some(rule => isSlow(rule, operation))));
    byId('faults-none').disabled = now.faults.length === 0;
    const rows = now.faults.map((rule, index) => ({ rule, row: faultRow(rule, index) }));
    const forOne = rows.filter(({ rule }) => isForOne(rule)).map(({ row }) => row);
    const isOpen = byId('faults-list').querySelector('details')?.open ?? false;

    fill(byId('faults-list'), now.faults.length === 0 && el('p', { class: 'note' }, 'No rules.'),
        el('ul', { class: 'rules', 'aria-label': 'Fault rules' }, ...rows.filter(({ rule }) => !isForOne(rule)).map(({ row }) => row)),
        forOne.length > 0 && el('details', { open: isOpen }, el('summary', null, plural(forOne.length, 'rule'), ' for certain ids'),
            el('ul', { class: 'rules', 'aria-label': 'Fault rules for certain ids' }, ...forOne)));
}

function policyField(name, value) {
    const choices = now.choices[name];
    const put = event => run(async () => {
        await ask('policy', 'PUT', { policy: { [name]: event.target.value } });
        await read.policy();
    });

    if (choices === undefined || choices.length < 2)
        return el('input', { type: 'number', min: '0', max: '86400', value, 'aria-label': name, on: { change: put } });
    return el('select', { 'aria-label': name, on: { change: put } }, ...choices.map(choice =>
        el('option', { value: choice, selected: choice === value }, choice === choices[0] ? `${choice} (default)` : choice)));
}

function paintPolicy() {
    const changed = new Set(changedPolicies().map(([name]) => name));

    fill(byId('policy-list'), ...Object.entries(now.policy).map(([name, value]) =>
        el('label', { class: changed.has(name) ? 'warn changed' : null }, el('span', null, name), policyField(name, value))));
}

function paintSandboxes() {
    byId('sandboxes').hidden = now.sandbox === null && now.sandboxes.length === 0;
    fill(byId('sandboxes-list'), ...now.sandboxes.map(one => el('li', { class: 'neutral' },
        el('span', null, el('a', { href: `sandboxes/${encodeURIComponent(one.id)}/` }, one.id), ' ',
            el('small', null, `${plural(one.requests ?? 0, 'request')}, ends ${String(one.expires).slice(11, 19)}`)),
        el('button', { type: 'button', 'aria-label': `End sandbox ${one.id}`, on: { click: () => run(async () => {
            await ask(`sandboxes/${encodeURIComponent(one.id)}`, 'DELETE');
            await read.sandboxes();
        }) } }, 'End'))),
    now.sandbox !== null && el('li', { class: 'neutral' }, el('span', null, 'This is sandbox ', el('code', null, now.sandbox)),
        el('a', { href: '../../' }, 'Main world')));
}

function paintMock() {
    const health = now.health;

    if (health === null || health.version === undefined)
        return;
    setText(byId('version'), health.version);
    fill(byId('mock-facts'), ...facts([['Version', health.version], ['Address', health.listeners?.join(', ')],
        ['Misbehaves', health.misbehaviour], ['TLS handshakes failed', health.handshakes_failed || null],
        ['Last failure', health.handshake_reason ?? health.last_handshake ?? null]]));
}

// ---- reading ----

const read = {
    async clock() {
        now.clock = await ask('clock');
        readAt = performance.now();
        paintForce();
    },
    async faults() {
        now.faults = (await ask('faults')).faults;
        paintFaults();
        paintForce();
    },
    async policy() {
        const { policy, choices } = await ask('policy');

        now.policy = policy;
        now.choices = choices ?? {};
        paintPolicy();
        paintForce();
    },
    async health() {
        now.health = await ask('health');
        paintMock();
        paintForce();
    },
    async sandboxes() {
        if (now.sandbox === null) // a mock without sandboxes has no such path
            now.sandboxes = (await ask('sandboxes').catch(() => ({}))).sandboxes ?? [];
        paintSandboxes();
        paintForce();
    },
};

// Reads again what has changed.
export function readControls(what = Object.keys(read)) {
    for (const name of what)
        if (name in read)
            read[name]().catch(() => {}); // the state of the connection says so
}

async function run(act, done = '') {
    try {
        await act();
        tell(done, 'good');
        setText(byId('announce'), `In effect: ${[...byId('force').querySelectorAll('a')].map(one => one.title).join(', ')}`);
    } catch (error) {
        tell(error.message, 'bad');
    }
}

export function startControls(say) {
    const sandbox = /\/sandboxes\/([^/]+)\/$/.exec(new URL('.', location.href).pathname);

    tell = say;
    now.sandbox = sandbox === null ? null : plain(decodeURIComponent(sandbox[1]));
    byId('fault-operation').append(...OPERATIONS.map(name => el('option', { value: name }, name)));
    byId('fault-operation').addEventListener('change', paintFaults);
    document.querySelector('#reset .checks').append(...RESET.map(([name, words]) =>
        el('label', null, el('input', { type: 'checkbox', name: 'what', value: name, checked: true }), ' ', words)));
    for (const button of document.querySelectorAll('[data-clock]'))
        button.addEventListener('click', () => run(async () => {
            await read.clock();
            await ask('clock', 'PUT', clockChanges[button.dataset.clock](now.clock));
            await read.clock();
        }));
    for (const button of document.querySelectorAll('[data-fault]'))
        button.addEventListener('click', () => run(() => putFault(button.dataset.fault)));
    byId('faults-none').addEventListener('click', () => run(async () => {
        await ask('faults', 'DELETE');
        await read.faults();
    }));
    byId('clock-set').addEventListener('submit', event => {
        event.preventDefault();
        run(async () => {
            await ask('clock', 'PUT', { now: Math.floor(Date.parse(byId('clock-time').value + 'Z') / 1000) });
            await read.clock();
        });
    });
    byId('reset').addEventListener('submit', event => {
        event.preventDefault();
        const what = [...event.target.querySelectorAll('input:checked')].map(box => box.value);

        run(async () => {
            if (what.length === 0)
                throw new Error('Choose what to reset.');
            await ask('reset', 'POST', { what });
            readControls();
        }, 'Reset.');
    });
    setInterval(tick, 1000);
}
