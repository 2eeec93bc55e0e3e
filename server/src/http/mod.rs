//! What every route shares: who calls, typed input, downloads, headers, origins.

pub(crate) mod address;
pub(crate) mod body;
pub(crate) mod caller;
pub(crate) mod download;
pub(crate) mod files;
pub(crate) mod flash;
pub(crate) mod headers;
pub(crate) mod input;
pub(crate) mod measure;
pub(crate) mod origin;
pub(crate) mod session;
pub(crate) mod whole;
