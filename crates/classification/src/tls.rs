//! The TLS configuration of outgoing calls.
//!
//! Ring is named here rather than taken from the process, so that building a client never panics
//! where no provider is installed. Who is trusted: the authorities that the machine trusts, a
//! company's own among them; where the machine has none (a bare container image), Mozilla's list.

use rustls::{ClientConfig, RootCertStore, crypto::ring};
use std::sync::Arc;

/// A client configuration with the machine's roots.
pub(crate) fn config() -> Result<ClientConfig, rustls::Error> {
    let builder = ClientConfig::builder_with_provider(Arc::new(ring::default_provider()))
        .with_safe_default_protocol_versions()?
        .with_root_certificates(roots());
    Ok(builder.with_no_client_auth())
}

fn roots() -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if roots.is_empty() {
        roots.extend(webpki_roots::TLS_SERVER_ROOTS.iter().cloned());
    }
    roots
}
