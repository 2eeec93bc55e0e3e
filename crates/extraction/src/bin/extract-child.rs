//! The child on its own, for this crate's tests; the worker carries it inside.

use std::process::ExitCode;

fn main() -> ExitCode {
    extraction::child_main()
}
