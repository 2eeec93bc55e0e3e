//! What reads one stranger's file, run by the worker with its order on standard input. A program of its own: it
//! starts faster than the worker would, and whoever takes it over finds nothing in it but this.

use std::process::ExitCode;

fn main() -> ExitCode {
    extraction::child_main()
}
