//! Face 3: the worker drains the queue. It composes the parts and hands each job to its use case.

mod jobs;
mod scrub;
mod work;

pub use work::{check_config, work};
