// Requests to a Janus API or Admin API over HTTP.
let counter = 0;

/** Posts one message and resolves with the answer. `path` is what follows the root: "/1234/5678". */
export async function post(root, message, path = '') {
  counter += 1;
  const response = await fetch(`${root}${path}`, {
    method: 'POST',
    body: JSON.stringify({ transaction: `h${counter}`, ...message }),
  });
  return response.json();
}

/** A client of the Admin API of a server that startServer() made. */
export function adminOf(server, secret) {
  return (janus, members = {}, path = '') =>
    post(`${server.adminUrl}/admin`, { janus, admin_secret: secret, ...members }, path);
}
