//! Face 3: the worker drains the queue. It composes the parts and hands each job to its use case.

mod healthcheck;
mod jobs;
mod machine;
mod ready;
mod scrub;
mod work;

pub use healthcheck::healthcheck;
pub use machine::reader;
pub use work::{check_config, work};
