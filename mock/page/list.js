// The list of requests, newest first. Only the rows in sight are elements, so that ten thousand
// exchanges scroll like ten. A row's height follows from how many lines its finding takes.
import { badge, byId, duration, el, fill, finding, plain, statusText, statusTone } from './dom.js';

const AHEAD_PX = 400; // rows above and below what is in sight
const LINES_MAX = 3;  // of what was wrong, and of its cure
const WORD_PX = 40;   // that a line may lack, since words are not divided
const LETTERS_MAX = 1000; // that are measured
const CURE = 'Cure: ';
const COLUMNS = ['UTC', 'Status', 'Operation', 'Contact', 'Took', 'Finding and cure'];

export class List {
    #box = byId('list');
    #body = el('div', { class: 'rows', role: 'rowgroup' });
    #head = el('div', { role: 'rowgroup' }, el('div', { class: 'row head', role: 'row', 'aria-rowindex': '1' },
        ...COLUMNS.map((name, i) => el('span', { role: 'columnheader', 'aria-colindex': i + 1 }, name))));
    #shown = []; // the oldest first
    #tops = [];  // what all before it take, in px
    #end = 0;
    #rows = new Map();
    #active = null;
    #open = null;
    #planned = false;
    #metrics = { row: 32, line: 20, pad: 6, contact: 0, room: 600, font: '15px sans-serif' };
    #pen = document.createElement('canvas').getContext('2d');
    #letters = { 400: new Map(), 700: new Map() }; // their widths
    #contactName;
    #onOpen;

    constructor(contactName, onOpen) {
        this.#contactName = contactName;
        this.#onOpen = onOpen;
        this.#box.append(this.#head, this.#body);
        this.#box.addEventListener('scroll', () => this.#plan(), { passive: true });
        this.#box.addEventListener('keydown', event => this.#key(event));
        this.#body.addEventListener('click', event => this.#click(event));
        new ResizeObserver(() => this.#measure()).observe(this.#box);
    }

    get count() { return this.#shown.length; }
    get isAtTop() { return this.#box.scrollTop < 4; }

    // The one that is newer (1) or older (-1) than the open one; undefined: none.
    beside(by) {
        const at = this.#shown.indexOf(this.#open);

        return at < 0 ? undefined : this.#shown[at + by];
    }

    toTop() { this.#box.scrollTop = 0; }
    focus() { this.#box.focus({ preventScroll: true }); }

    // Shows these instead.
    set(exchanges) {
        this.#shown = exchanges;
        this.#place();
        if (!exchanges.includes(this.#active))
            this.#active = null;
        this.#box.scrollTop = 0;
        this.#plan();
    }

    // What is in sight stays where it is, unless that is the top.
    add(exchanges) {
        const before = this.#end, stays = !this.isAtTop;

        for (const exchange of exchanges) {
            this.#tops.push(this.#end);
            this.#end += this.#height(exchange);
            this.#shown.push(exchange);
        }
        this.#resize();
        if (stays)
            this.#box.scrollTop += this.#end - before;
        this.#plan();
    }

    drop(count) {
        this.#shown.splice(0, count);
        this.#tops.splice(0, count);
        this.#resize();
        this.#plan();
    }

    // Marks the exchange whose details are open; null: none.
    mark(exchange) {
        this.#open = exchange;
        if (exchange !== null)
            this.#active = exchange;
        this.#plan();
    }

    // Names of contacts came: rows are written again.
    rewrite() {
        for (const row of this.#rows.values())
            row.remove();
        this.#rows.clear();
        this.#plan();
    }

    #measure() {
        const style = getComputedStyle(this.#box);
        const rem = parseFloat(getComputedStyle(document.documentElement).fontSize);
        const number = name => parseFloat(style.getPropertyValue(name)) * rem; // all are in rem

        const metrics = { row: number('--row'), line: number('--lead'), pad: number('--pad'), contact: number('--contact'),
                          room: Math.max(2 * WORD_PX, this.#box.clientWidth - number('--finding-inset')),
                          font: `${number('--letter')}px ${style.fontFamily}` };

        if (JSON.stringify(metrics) !== JSON.stringify(this.#metrics)) {
            this.#metrics = metrics;
            this.#letters = { 400: new Map(), 700: new Map() };
            this.#place();
            this.rewrite();
        }
        this.#plan();
    }

    // In px, letter by letter: ten times as fast as a measurement of each text.
    #width(weight, text) {
        const letters = this.#letters[weight];
        let sum = 0;

        for (const letter of text.slice(0, LETTERS_MAX)) {
            if (!letters.has(letter)) {
                this.#pen.font = `${weight} ${this.#metrics.font}`;
                letters.set(letter, this.#pen.measureText(letter).width);
            }
            sum += letters.get(letter);
        }
        return sum;
    }

    // How many lines the note's text and its cure take.
    #lines(note) {
        const { font, room } = this.#metrics;

        if (note.font !== font) {
            note.font = font;
            note.widths = [this.#width(700, note.name) + this.#width(400, ` ${note.text}`),
                note.cure === '' ? 0 : this.#width(700, CURE) + this.#width(400, note.cure)];
        }
        return note.widths.map(width => Math.min(LINES_MAX, width <= room ? Math.sign(width) : Math.ceil(width / (room - WORD_PX))));
    }

    #height(exchange) {
        const note = noteOf(exchange);
        const { row, contact, line, pad } = this.#metrics;
        const head = row + (exchange.contact === null ? 0 : contact);

        return note === null ? head : head + this.#lines(note).reduce((sum, one) => sum + one) * line + pad;
    }

    #place() {
        this.#end = 0;
        this.#tops = this.#shown.map(exchange => {
            const top = this.#end;

            this.#end += this.#height(exchange);
            return top;
        });
        this.#resize();
    }

    #resize() {
        this.#body.style.height = `${this.#end - (this.#tops[0] ?? this.#end)}px`;
        this.#box.setAttribute('aria-rowcount', this.#shown.length + 1);
    }

    #plan() {
        if (this.#planned)
            return;
        this.#planned = true;
        requestAnimationFrame(() => {
            this.#planned = false;
            this.#paint();
        });
    }

    // The last one that begins at or before this height above the oldest.
    #at(height) {
        let low = 0, high = this.#tops.length - 1;

        while (low < high) {
            const middle = (low + high + 1) >> 1;

            if (this.#tops[middle] <= height)
                low = middle;
            else
                high = middle - 1;
        }
        return low;
    }

    #y(index) {
        return this.#end - (this.#tops[index + 1] ?? this.#end);
    }

    #paint() {
        const from = this.#box.scrollTop - AHEAD_PX, to = this.#box.scrollTop + this.#box.clientHeight + AHEAD_PX;
        const newest = this.#at(this.#end - Math.max(0, from)), oldest = this.#at(this.#end - to);
        const wanted = [];

        for (let i = newest; i >= oldest && i < this.#shown.length && i >= 0; i--)
            wanted.push(i);
        const keep = new Set(wanted.map(i => this.#shown[i]));

        for (const [exchange, row] of this.#rows) {
            if (!keep.has(exchange)) {
                row.remove();
                this.#rows.delete(exchange);
            }
        }
        let before = this.#body.firstChild;

        for (const i of wanted) {
            const exchange = this.#shown[i];
            let row = this.#rows.get(exchange);

            if (row === undefined) {
                row = this.#row(exchange);
                this.#rows.set(exchange, row);
            }
            if (row === before)
                before = before.nextSibling;
            else
                this.#body.insertBefore(row, before); // in the order in which they are read
            row.style.transform = `translateY(${this.#y(i)}px)`;
            row.setAttribute('aria-rowindex', this.#shown.length - i + 1);
            row.classList.toggle('active', exchange === this.#active);
            row.setAttribute('aria-selected', String(exchange === this.#open));
        }
        const active = this.#rows.get(this.#active);

        if (active === undefined)
            this.#box.removeAttribute('aria-activedescendant');
        else
            this.#box.setAttribute('aria-activedescendant', active.id);
    }

    #row(exchange) {
        const note = noteOf(exchange), tone = statusTone(exchange);
        const lines = note === null ? [] : this.#lines(note);
        const row = el('div', { class: `row ${tone}`, role: 'row', id: `row-${exchange.n}` });
        const cell = (column, name, ...children) =>
            el('span', { role: 'gridcell', 'aria-colindex': column, class: name }, ...children);

        row.style.height = `${this.#height(exchange)}px`;
        row.exchange = exchange;
        fill(row,
            cell(1, 'time', exchange.time.slice(11, 19)),
            cell(2, 'status', badge(tone, statusText(exchange.status))),
            cell(3, 'call', el('b', null, exchange.method), ' ', exchange.operation ?? exchange.path),
            cell(4, 'contact', this.#contactName(exchange.contact)),
            cell(5, 'took', duration(exchange.us)),
            cell(6, 'note', ...(note === null ? [] : [
                el('span', { class: `what lines-${lines[0]}` }, note.name !== '' &&
                    el('b', null, note.name, ' '), note.text),
                note.cure !== '' && el('span', { class: `cure lines-${lines[1]}` }, el('b', null, CURE), note.cure)])));
        return row;
    }

    #move(exchange) {
        const index = this.#shown.indexOf(exchange);

        if (index < 0)
            return;
        const head = this.#head.offsetHeight;
        const top = this.#y(index), bottom = top + this.#height(exchange);
        const box = this.#box;

        this.#active = exchange;
        if (top < box.scrollTop)
            box.scrollTop = index === this.#shown.length - 1 ? 0 : top;
        else if (bottom + head > box.scrollTop + box.clientHeight)
            box.scrollTop = bottom + head - box.clientHeight;
        if (this.#open !== null)
            this.#onOpen(exchange, 'moved');
        this.#plan();
    }

    #key(event) {
        const last = this.#shown.length - 1;
        const at = this.#active === null ? -1 : this.#shown.indexOf(this.#active);
        const page = Math.max(1, Math.floor(this.#box.clientHeight / (this.#metrics.row * 2)));
        // Down leads to older ones, which are before.
        const targets = { ArrowDown: at < 0 ? last : at - 1, ArrowUp: at < 0 ? last : at + 1, PageDown: at < 0 ? last : at - page,
                          PageUp: at < 0 ? last : at + page, Home: last, End: 0 };

        if (event.ctrlKey || event.metaKey || event.altKey || last < 0)
            return;
        if (event.key in targets)
            this.#move(this.#shown[Math.min(last, Math.max(0, targets[event.key]))]);
        else if ((event.key === 'Enter' || event.key === ' ') && at >= 0)
            this.#onOpen(this.#active, 'key');
        else
            return;
        event.preventDefault();
    }

    #click(event) {
        const row = event.target.closest('.row');

        if (row === null || String(getSelection()) !== '')
            return;
        this.#active = row.exchange;
        this.#onOpen(row.exchange, 'click');
        this.#plan();
    }
}

// What the row says below its columns: { name, text, cure }; null: nothing.
function noteOf(exchange) {
    if (exchange.note !== undefined)
        return exchange.note;
    const found = exchange.findings.find(one => one.severity === 'refused') ?? exchange.findings[0];

    exchange.note = null;
    if (found !== undefined) {
        const { what, cure } = finding(found);
        const more = exchange.findings.length - 1;
        const name = `${found.clause} ${found.code}`, text = what + (more > 0 ? ` (and ${more} more)` : '');

        exchange.note = { name, text: plain(text), cure: plain(cure) };
    } else if (exchange.fault !== null) {
        exchange.note = { name: '', text: plain(`Fault: ${faultText(exchange.fault)}`), cure: '' };
    }
    return exchange.note;
}

// A fault rule in words.
export function faultText(rule) {
    const what = [rule.status !== undefined && `status ${rule.status}`,
        rule['retry-after'] !== undefined && `Retry-After ${rule['retry-after']}`,
        rule.delay !== undefined && `wait ${rule.delay}`,
        rule.abort !== undefined && { reset: 'connection reset', stall: 'no answer', truncate: 'answer cut off',
                                      garbage: 'answer is not HTTP' }[rule.abort],
        rule.commit === 'yes' && 'after the write', rule.stage === 'first' && 'before the token is checked'];
    const when = [rule.operation, rule.contact && `contact ${rule.contact}`, rule.channel_type, rule.channel_id,
        rule.nth > 1 && `from match ${rule.nth} on`];

    return what.filter(Boolean).join(', ') + (when.some(Boolean) ? ` for ${when.filter(Boolean).join(' ')}` : '');
}
