//! Cargo looks at the folder of the migrations too, so that a new file is embedded by the next build.

#![allow(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]

fn main() {
    println!("cargo:rerun-if-changed=src/store/sqlite/migrations");
    println!("cargo:rerun-if-changed=src/store/postgres/migrations");
    // For `benches/life.rs` and `benches/fleet/share.rs` alone: writes neither ledger nor outbox. Such a build can move nothing in a database whose
    // triggers are there.
    println!("cargo:rustc-check-cfg=cfg(bench_bare)");
    println!("cargo:rerun-if-env-changed=SPRINTGATE_BENCH_BARE");
    if std::env::var_os("SPRINTGATE_BENCH_BARE").is_some() {
        println!("cargo:rustc-cfg=bench_bare");
    }
}
