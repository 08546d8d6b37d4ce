// Certificates for TLS tests, made with the openssl program.
import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const openssl = (...args) => execFileSync('openssl', args, { stdio: 'ignore' });

/**
 * Makes a self-signed certificate for localhost as `<folder>/<name>.crt` and its key as `.key`.
 * @param {{expired?: boolean, password?: string}} options `password` locks the key.
 * @returns {{cert: string, key: string, ca: Buffer, fingerprint: string}} paths, the PEM, its SHA-256.
 */
export function makeCertificate(folder, name, { expired = false, password } = {}) {
  const [cert, key] = [join(folder, `${name}.crt`), join(folder, `${name}.key`)];
  openssl(
    ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
    ...(password ? ['-passout', `pass:${password}`] : ['-nodes']),
    ...['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1'],
    ...['-days', '30', '-out', cert, '-keyout', key],
  );
  if (expired) {
    openssl('x509', '-in', cert, '-signkey', key, '-days', '-1', '-out', cert);
  }
  const ca = readFileSync(cert);
  return { cert, key, ca, fingerprint: new X509Certificate(ca).fingerprint256 };
}
