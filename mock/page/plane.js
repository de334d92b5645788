// Calls of the control plane. Paths are relative: the same page serves a sandbox.

// Throws an Error whose message may be shown.
export async function ask(path, method = 'GET', body = undefined) {
    const options = { method, cache: 'no-store', credentials: 'omit', redirect: 'error' };
    let response;

    if (method !== 'GET')
        options.headers = { 'Content-Type': 'application/json' };
    if (body !== undefined)
        options.body = JSON.stringify(body);
    try {
        response = await fetch(path, options);
    } catch {
        throw new Error('The mock does not answer.');
    }
    const json = await response.json().catch(() => ({}));

    if (!response.ok) {
        const error = new Error(json.message ?? `The mock answered ${response.status}.`);

        error.status = response.status;
        throw error;
    }
    return json;
}
