// The stream of events. EventSource connects again by itself after a lost connection, but not after
// an answer such as 503 or 404: that is done here.

const AGAIN_MS = 2000;

// `on` has hello, exchange, ready, lost, changed, each with the data, and state(tone, text).
export function follow(on) {
    let source, timer;

    function listen(name) {
        source.addEventListener(name, event => on[name](JSON.parse(event.data)));
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
        source = new EventSource('events');
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
    // A tab that was asleep may have missed the end of its connection.
    window.addEventListener('pagehide', () => source.close());
    window.addEventListener('pageshow', event => { if (event.persisted) open(); });
}
