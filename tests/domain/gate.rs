//! The gate: all 120 cells of verdict x verify_only x requirement x summary, against a table written by hand.

use sprintgate::domain::commit::CommitId;
use sprintgate::domain::gate::*;
use sprintgate::domain::id::{JobId, UserId};
use sprintgate::domain::job::Kind;
use sprintgate::domain::machine::Word;
use sprintgate::domain::time::Timestamp;
use sprintgate::domain::verify::VerifyResult;

/// Summaries: none, only white space, 19 characters within white space, 20 characters, 10 astral ones (20 units).
const SUMMARIES: [Option<&str>; 5] = [
    None,
    Some("                         "),
    Some("   nineteen characters   "),
    Some("exactly twenty chars"),
    Some("😀😀😀😀😀😀😀😀😀😀"),
];

/// A row a verdict and `verify_only`; a column a requirement; in a cell one letter a summary:
/// `y` open, `v` not verified, `e` empty, `s` strict, `u` unexplained.
const MATRIX: &str = "
-         code  ALIGNED=vvvvv ALIGNED_OR_PARTIAL=vvvvv ANY=vvvvv
-         only  ALIGNED=vvvvv ALIGNED_OR_PARTIAL=vvvvv ANY=vvvvv
EMPTY     code  ALIGNED=eeeee ALIGNED_OR_PARTIAL=eeeee ANY=eeeee
EMPTY     only  ALIGNED=yyyyy ALIGNED_OR_PARTIAL=yyyyy ANY=yyyyy
ALIGNED   code  ALIGNED=yyyyy ALIGNED_OR_PARTIAL=yyyyy ANY=yyyyy
ALIGNED   only  ALIGNED=yyyyy ALIGNED_OR_PARTIAL=yyyyy ANY=yyyyy
PARTIAL   code  ALIGNED=sssss ALIGNED_OR_PARTIAL=uuuyy ANY=yyyyy
PARTIAL   only  ALIGNED=sssss ALIGNED_OR_PARTIAL=uuuyy ANY=yyyyy
DIVERGENT code  ALIGNED=sssss ALIGNED_OR_PARTIAL=uuuyy ANY=yyyyy
DIVERGENT only  ALIGNED=sssss ALIGNED_OR_PARTIAL=uuuyy ANY=yyyyy
";

#[test]
fn every_cell() {
    let mut cells = 0;
    for line in MATRIX.lines().filter(|line| !line.is_empty()) {
        let words: Vec<&str> = line.split_whitespace().collect();
        let result = (words[0] != "-").then(|| VerifyResult::parse(words[0]).unwrap());
        for cell in &words[2..] {
            let (required, letters) = cell.split_once('=').unwrap();
            let policy =
                Policy { required: Required::parse(required).unwrap(), verify_only: words[1] == "only" };
            for (summary, want) in SUMMARIES.iter().zip(letters.chars()) {
                let got = match weigh(result, policy, *summary) {
                    Ok(()) => 'y',
                    Err(Shut::NotVerified) => 'v',
                    Err(Shut::Empty) => 'e',
                    Err(Shut::NotAligned { .. }) => 's',
                    Err(Shut::Unexplained { .. }) => 'u',
                    Err(other) => panic!("{other}"),
                };
                assert_eq!(got, want, "{line}: {cell} {summary:?}");
                cells += 1;
            }
        }
    }
    assert_eq!(cells, 5 * 2 * 3 * 5);
}

#[test]
fn a_proof_is_bound_to_job_attempt_and_commit() {
    let (job, commit) = (JobId::new("j").unwrap(), CommitId::new("a".repeat(40)).unwrap());
    let other = CommitId::new("b".repeat(40)).unwrap();
    let seen = Evidence { result: VerifyResult::Aligned, commit: commit.clone(), at: Timestamp(1) };
    let head = |commit: &CommitId, dirty| Head { commit: commit.clone(), dirty };
    let policy = Policy::default();
    let passed = judge(&job, 3, Some(&seen), policy, None, &head(&commit, 0)).unwrap();
    assert_eq!((passed.job(), passed.attempt()), (&job, 3));
    assert_eq!(
        passed.grounds(),
        &Grounds::Verified { result: VerifyResult::Aligned, commit: commit.clone() }
    );
    let stale = judge(&job, 3, Some(&seen), policy, None, &head(&other, 0));
    assert_eq!(stale, Err(Shut::Stale { verified: commit.clone(), head: other }));
    assert_eq!(judge(&job, 3, Some(&seen), policy, None, &head(&commit, 2)), Err(Shut::Dirty { count: 2 }));
    assert_eq!(judge(&job, 3, None, policy, None, &head(&commit, 0)), Err(Shut::NotVerified));
}

#[test]
fn waivers_need_a_reason_and_exemptions_a_kind_without_code() {
    let (job, user) = (JobId::new("j").unwrap(), UserId::new("u").unwrap());
    assert_eq!(waive(&job, 1, user.clone(), "  too short "), Err(Shut::NoReason));
    assert!(waive(&job, 1, user.clone(), "ten chars!").is_ok());
    let passed = waive(&job, 1, user.clone(), " the vendor did it ").unwrap();
    assert_eq!(passed.grounds(), &Grounds::Waived { by: user, reason: "the vendor did it".into() });
    for kind in Kind::ALL {
        let expected = match kind {
            Kind::TaskImplementation | Kind::SprintImplementation => Some(Shut::NotExempt { kind: *kind }),
            Kind::IdeaGrill | Kind::IdeaMakePlan | Kind::IdeaReviewPlan => {
                Some(Shut::NotAnswered { kind: *kind })
            }
            Kind::PlanChat => None,
        };
        assert_eq!(exempt(&job, 1, *kind).err(), expected, "{kind}");
    }
}

#[test]
fn no_refusal_tells_how_to_weaken_the_gate() {
    let commit = CommitId::new("a".repeat(40)).unwrap();
    let result = VerifyResult::Partial;
    let all = [
        Shut::NotVerified,
        Shut::Stale { verified: commit.clone(), head: commit },
        Shut::Dirty { count: 1 },
        Shut::Empty,
        Shut::NotAligned { result },
        Shut::Unexplained { result, found: 0 },
        Shut::NoReason,
        Shut::NotExempt { kind: Kind::TaskImplementation },
    ];
    for shut in all {
        let text = shut.to_string();
        for word in ["verify_only", "verify_required", "ANY"] {
            assert!(!text.contains(word), "{text}");
        }
    }
}
