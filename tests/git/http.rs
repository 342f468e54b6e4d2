//! What a remote behind http says, and that no secret passes on.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use sprintgate::domain::push::PushClass;
use sprintgate::domain::remote::RemoteUrl;
use sprintgate::git::{ErrorClass, Git, PublishAsk, Published};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use super::ground::{Ground, branch, place, work};

/// A remote that answers every request with that status; what was asked comes out of the channel.
async fn answering(status: &'static str) -> (RemoteUrl, UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/owner/name.git", listener.local_addr().unwrap());
    let (asked, heard) = unbounded_channel();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = Vec::new();
            while !request.ends_with(b"\r\n\r\n") {
                request.push(stream.read_u8().await.unwrap());
            }
            let _ = asked.send(String::from_utf8(request).unwrap());
            let head = format!(
                "HTTP/1.1 {status}\r\nWWW-Authenticate: Basic realm=\"x\"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
            );
            stream.write_all(head.as_bytes()).await.unwrap();
        }
    });
    (RemoteUrl::new(url).unwrap(), heard)
}

/// Publishes to that remote.
async fn publish(ground: &Ground, url: &RemoteUrl) -> Published {
    let one = place("one", 1);
    let made = ground.make(&one, "feat/x").await.unwrap();
    let head = work(&made.path, "a", "1");
    let name = branch("feat/x");
    let ask = PublishAsk {
        url,
        sent: &[],
        place: &one,
        branch: &name,
        head: &head,
        base: &made.base,
        expected: None,
    };
    ground.git.publish(ask).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn git_tells_answers_of_http_apart() {
    let ground = Ground::new(1);
    let (url, _heard) = answering("401 Unauthorized").await;
    let answer = publish(&ground, &url).await;
    assert_eq!(answer.class(), PushClass::NoCredentials, "{answer:?}");
    let (url, _heard) = answering("503 Service Unavailable").await;
    let answer = publish(&ground, &url).await;
    assert_eq!(answer.class(), PushClass::Transient, "{answer:?}");
    let (url, _heard) = answering("404 Not Found").await;
    let answer = publish(&ground, &url).await;
    assert_eq!(answer.class(), PushClass::Unknown, "{answer:?}");
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = RemoteUrl::new(format!("http://{}/o/n", listener.local_addr().unwrap())).unwrap();
    drop(listener);
    let answer = publish(&ground, &url).await;
    assert_eq!(answer.class(), PushClass::Transient, "{answer:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn git_asks_the_credential_helper_and_tells_nobody() {
    let ground = Ground::new(1);
    let mut settings = ground.git.settings().clone();
    settings.credential_helper = Some("!f() { echo username=me; echo password=hunter2; }; f".to_owned());
    let ground = Ground { git: Git::new(settings).unwrap(), ..ground };
    let (url, mut heard) = answering("401 Unauthorized").await;
    let error = ground.make_at(&url).await.unwrap_err();
    assert_eq!(error.class(), ErrorClass::Credentials, "{error}");
    assert!(!format!("{error} {error:?}").contains("hunter2"));
    let mut asked = String::new();
    while let Ok(request) = heard.try_recv() {
        asked.push_str(&request);
    }
    // `me:hunter2`
    assert!(asked.contains("Authorization: Basic bWU6aHVudGVyMg=="), "{asked}");
}

/// Writes the command lines of all git programs above it, and answers as a helper does.
const HELPER: &str = "#!/bin/sh
p=$$
while [ \"$p\" -gt 1 ]; do
  case $(cat /proc/$p/comm) in git*) tr '\\0' ' ' < /proc/$p/cmdline >> \"$0.seen\"; echo >> \"$0.seen\" ;; esac
  p=$(sed -n 's/^PPid:[^0-9]*//p' /proc/$p/status)
done
echo username=me
echo password=$1
";

#[tokio::test(flavor = "multi_thread")]
async fn git_shows_no_secret_of_a_helper_in_its_arguments() {
    let ground = Ground::new(1);
    let script = ground.dir.path().join("helper");
    fs::write(&script, HELPER).unwrap();
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    let mut settings = ground.git.settings().clone();
    settings.credential_helper = Some(format!("{} hunter2", script.display()));
    let ground = Ground { git: Git::new(settings).unwrap(), ..ground };
    let (url, _heard) = answering("401 Unauthorized").await;
    ground.make_at(&url).await.unwrap_err();
    let seen = fs::read_to_string(script.with_extension("seen")).unwrap();
    assert!(seen.contains("ls-remote") && seen.contains("--git-dir="), "{seen}");
    assert!(!seen.contains("hunter2") && !seen.contains("helper"), "{seen}");
}
