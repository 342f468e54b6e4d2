//! A worker is told what its worktree does not have.

use sprintgate::flow::wire::{Notice, WaitForJob};
use tokio_util::sync::CancellationToken;

use super::world::{World, sh};

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
