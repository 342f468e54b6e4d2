//! A worker is told what its worktree does not have, and what it changed of that.

use sprintgate::flow::Retry;
use sprintgate::flow::wire::{Notice, ReportStatus, WaitForJob};
use tokio_util::sync::CancellationToken;

use super::world::{World, code, sh, tree};

#[tokio::test]
async fn who_claims_a_job_is_told_of_submodules_and_pointers() {
    let world = World::new().await;
    let script = "for n in $(seq 10 34); do git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),m$n; done \
                  && echo '*.bin filter=lfs' > .gitattributes \
                  && printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 1\\n' > a.bin \
                  && git add .gitattributes a.bin && git commit -qm more && git push -q origin HEAD:main";
    sh(&world.clone_dir(), script);
    world.begin(&[&[("one", "- `src/a.rs`", "ALIGNED")]]).await;
    let ask = WaitForJob { wait_seconds: Some(0), request_id: Some("w".into()), ..WaitForJob::default() };
    let gone = CancellationToken::new();
    let first = world.app.wait_for_job(&world.worker, ask.clone(), &gone).await.unwrap();
    let brief = |notice: &Notice| (notice.code.clone(), notice.paths.len(), notice.count);
    let told: Vec<_> = first.notices.iter().map(brief).collect();
    assert_eq!(told, [("EMPTY_SUBMODULES".to_owned(), 20, 25), ("LFS_POINTERS".to_owned(), 1, 1)]);
    assert_eq!((first.notices[0].paths[0].as_str(), first.notices[1].paths[0].as_str()), ("m10", "a.bin"));
    // whoever did not hear it is told again
    let again = world.app.wait_for_job(&world.worker, ask, &gone).await.unwrap();
    assert_eq!(again.notices, first.notices);
    // none of it is a change
    world.carry_out(&world.worker, &first, "src/a.rs").await;
}

#[tokio::test]
async fn content_where_a_pointer_belongs_is_refused_and_named() {
    let world = World::new().await;
    let script = "echo '*.bin filter=lfs' > .gitattributes \
                  && printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:0\\nsize 1\\n' > a.bin \
                  && git add -A && git commit -qm more && git push -q origin HEAD:main";
    sh(&world.clone_dir(), script);
    world.begin(&[&[("one", "- `src/a.rs`\n- `a.bin`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    world.commit(&job, "src/a.rs", "changed\n");
    assert!(world.verify(&world.worker, &job).await.unwrap().allowed_for_done);
    world.commit(&job, "a.bin", "content\n");
    let refused = world.verify(&world.worker, &job).await.unwrap_err();
    assert_eq!((refused.code(), refused.facts()["paths"][0].as_str()), ("LFS_CONTENT", Some("a.bin")));
    assert_eq!((refused.facts()["count"].as_u64(), refused.retry()), (Some(1), Retry::AfterFix));
    // what was judged before is another commit
    let done = world.report(&world.worker, &job, ReportStatus::Done).await;
    assert_eq!(code(done), "VERIFY_STALE");
    // another pointer is let through, and named
    sh(
        &tree(&job),
        "printf 'version https://git-lfs.github.com/spec/v1\\noid sha256:1\\nsize 1\\n' > a.bin \
                     && git commit -qam pointer",
    );
    let verified = world.verify(&world.worker, &job).await.unwrap();
    let told: Vec<_> = verified.notices.iter().map(|notice| (&*notice.code, &*notice.paths[0])).collect();
    assert_eq!(told, [("LFS_POINTERS_CHANGED", "a.bin")]);
    assert_eq!(world.report(&world.worker, &job, ReportStatus::Done).await.unwrap().status, "done");
    world.sound().await;
}

#[tokio::test]
async fn a_verdict_says_that_submodules_are_changed() {
    let world = World::new().await;
    world.begin(&[&[("one", "- `src/a.rs`", "ANY")]]).await;
    let job = world.claim(&world.worker).await;
    sh(&tree(&job), "git update-index --add --cacheinfo 160000,$(git rev-parse HEAD),lib && mkdir lib");
    world.commit(&job, ".gitmodules", "[submodule \"lib\"]\n\tpath = lib\n\turl = ../lib\n");
    let verified = world.verify(&world.worker, &job).await.unwrap();
    assert!(verified.allowed_for_done, "{verified:?}");
    assert!(verified.reasoning.ends_with("; submodules changed: `.gitmodules`, `lib`"), "{verified:?}");
    let [notice] = verified.notices.as_slice() else { panic!("{verified:?}") };
    assert_eq!((&*notice.code, notice.count), ("SUBMODULES_CHANGED", 2));
    // it is kept with the verdict
    assert_eq!(world.job(job.job_id.as_ref().unwrap()).await.verify_reasoning, Some(verified.reasoning));
}
