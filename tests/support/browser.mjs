// As much of a browser as logins with redirects need: cookies for each origin, one step at a time.
export class Browser {
  #jars = new Map();

  #jar(url) {
    const { host } = new URL(url);
    if (!this.#jars.has(host)) {
      this.#jars.set(host, new Map());
    }
    return this.#jars.get(host);
  }

  /** @returns `status`, `headers`, `location` (absolute, or undefined), `body` (parsed where it is JSON), `url`. */
  async open(url, { method = 'GET', body, token } = {}) {
    const jar = this.#jar(url);
    const answer = await fetch(url, {
      method,
      redirect: 'manual',
      body: body === undefined ? undefined : JSON.stringify(body),
      headers: {
        ...(jar.size ? { Cookie: [...jar].map(([name, value]) => `${name}=${value}`).join('; ') } : {}),
        ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
        ...(token ? { Authorization: `Bearer ${token}` } : {}),
      },
    });
    for (const line of answer.headers.getSetCookie()) {
      const [name, ...value] = line.split(';')[0].split('=');
      jar.set(name, value.join('='));
    }
    const text = await answer.text();
    const location = answer.headers.get('location');
    const json = /json/.test(answer.headers.get('content-type') ?? '');
    return {
      status: answer.status,
      headers: answer.headers,
      location: location ? new URL(location, url).href : undefined,
      body: json && text ? JSON.parse(text) : text,
      url,
    };
  }

  /** Follows redirects for as long as `on(url)` says so; `change(url)` may alter each one. */
  async follow(url, on, change = (next) => next) {
    for (let step = 0; step < 20; ++step) {
      const page = await this.open(url);
      if (!page.location || !on(page.location)) {
        return page;
      }
      url = change(page.location);
    }
    throw new Error(`too many redirects, the last one to ${url}`);
  }
}
