//! The program; all of it is `sprintgate::cli`.

use std::process::ExitCode;

fn main() -> ExitCode {
    sprintgate::cli::main()
}
