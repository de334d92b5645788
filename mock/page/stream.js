// The stream of events. EventSource connects again by itself after a lost connection, but not after
// an answer such as 503 or 404: that is done here.
//
// A browser has six connections to a server, and each page holds one. So pages that are out of sight
// give theirs up when another is opened; they go on where they were as soon as they are seen.

const AGAIN_MS = 2000;

// `on` has hello, exchange, ready, lost, changed, each with the data, and state(tone, text).
export function follow(on) {
    const pages = new BroadcastChannel('pages');
    let source, timer, last = '', isAsleep = false;

    function listen(name) {
        source.addEventListener(name, event => {
            last = event.lastEventId || last;
            on[name](JSON.parse(event.data));
        });
    }

    async function refused() {
        let text = 'The stream was refused';

        source.close();
        try {
            const answer = await fetch('health', { cache: 'no-store' });

            if (answer.status === 404)
                return on.state('bad', 'This sandbox has ended');
            if (answer.ok)
                text = 'Too many pages are open';
        } catch {
            text = 'The mock does not answer';
        }
        on.state('bad', `${text}; trying again`);
        clearTimeout(timer);
        timer = setTimeout(open, AGAIN_MS);
    }

    function open() {
        isAsleep = false;
        pages.postMessage('opened');
        source = new EventSource(last === '' ? 'events' : `events?after=${last}`);
        source.onopen = () => on.state('good', 'Live');
        source.onerror = () => {
            if (source.readyState === EventSource.CLOSED)
                refused();
            else
                on.state('bad', 'The mock does not answer; trying again');
        };
        ['hello', 'exchange', 'ready', 'lost', 'changed'].forEach(listen);
    }

    open();
    pages.onmessage = () => {
        if (!document.hidden)
            return;
        source.close();
        clearTimeout(timer);
        isAsleep = true;
        on.state('neutral', 'Asleep while other pages are open');
    };
    document.addEventListener('visibilitychange', () => {
        if (!document.hidden && isAsleep)
            open();
    });
    // A tab that was asleep may have missed the end of its connection.
    window.addEventListener('pagehide', () => source.close());
    window.addEventListener('pageshow', event => { if (event.persisted) open(); });
}
