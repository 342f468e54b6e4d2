//! Names that the core takes for a branch, asked of git.

use proptest::prelude::*;
use sprintgate::domain::branch::BranchName;

proptest! {
    #[test]
    fn whatever_is_taken_for_a_branch_is_taken_by_git(text in "[a-zA-Z0-9._/@{~^:-]{1,12}") {
        if let Ok(name) = BranchName::new(text) {
            prop_assert!(git2::Reference::is_valid_name(&name.full()), "{}", name);
        }
    }
}
