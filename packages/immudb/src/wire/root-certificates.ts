import { X509Certificate } from 'node:crypto';

/** True for a text that begins with a certificate in PEM, which is what `rootCertificates` takes; for any other text TLS would trust nobody. */
export function isRootCertificates(pem: string): boolean {
  try {
    return new X509Certificate(pem).raw.length > 0;
  } catch {
    return false;
  }
}
