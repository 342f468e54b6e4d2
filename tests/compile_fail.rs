//! What must not compile, and what the compiler says then.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod contributing;

#[test]
fn moves_that_the_table_does_not_have_do_not_compile() {
    trybuild::TestCases::new().compile_fail("tests/compile_fail/*.rs");
}
