//! Stands between a store and its server, hears what it asks, and cuts connections at their commits.

use std::collections::HashMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

/// When a connection is cut that commits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    Never,
    /// The server does not get to know of the commit.
    Before,
    /// The server has committed; its answer is lost.
    After,
    /// The server is left alone with the commit, while it may still be busy with it.
    Amid,
}

pub(super) struct Proxy {
    url: String,
    rule: Arc<Rule>,
    _serving: JoinSet<()>,
    _folder: tempfile::TempDir,
}

struct Rule {
    cut: Mutex<Cut>,
    /// Every second commit is cut, beginning with the first or the second.
    turn: AtomicU32,
    cuts: AtomicU32,
    closed: AtomicBool,
    hang_up: Notify,
    /// The text of each statement that travelled.
    asked: Mutex<Vec<String>>,
}

impl Rule {
    fn now(&self) -> Cut {
        let cut = *self.cut.lock().unwrap();
        if cut == Cut::Never || !self.turn.fetch_add(1, Ordering::SeqCst).is_multiple_of(2) {
            return Cut::Never;
        }
        self.cuts.fetch_add(1, Ordering::SeqCst);
        cut
    }
}

impl Proxy {
    /// In front of the server of that URL.
    pub(super) fn before(url: &str) -> Self {
        let (front, rest) = url.split_once("host=").unwrap();
        let (socket, rest) = rest.split_once('&').unwrap();
        let target = Path::new(socket).join(".s.PGSQL.5432");
        let folder = tempfile::tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let rule = Arc::new(Rule {
            cut: Mutex::new(Cut::Never),
            turn: AtomicU32::new(0),
            cuts: AtomicU32::new(0),
            closed: AtomicBool::new(false),
            hang_up: Notify::new(),
            asked: Mutex::default(),
        });
        let (own, mut serving) = (Arc::clone(&rule), JoinSet::new());
        serving.spawn(async move {
            let mut open = JoinSet::new();
            loop {
                let (client, _) = listener.accept().await.unwrap();
                if own.closed.load(Ordering::SeqCst) {
                    continue;
                }
                let (rule, target) = (Arc::clone(&own), target.clone());
                open.spawn(async move {
                    let server = UnixStream::connect(target).await.unwrap();
                    tokio::select! {
                        () = between(client, server, &rule) => {}
                        () = rule.hang_up.notified() => {}
                    }
                });
            }
        });
        // What is encrypted cannot be looked into.
        let url = format!("{front}host={}&{rest}&sslmode=disable", folder.path().display());
        Self { url, rule, _serving: serving, _folder: folder }
    }

    pub(super) fn url(&self) -> &str {
        &self.url
    }

    /// Cuts every second commit from now on, the next one first or not.
    pub(super) fn cut(&self, cut: Cut, next: bool) {
        self.rule.turn.store(u32::from(!next), Ordering::SeqCst);
        *self.rule.cut.lock().unwrap() = cut;
    }

    /// What was asked since the last time, statement by statement: each has waited for its answer. What is only prepared
    /// is left out; a connection does that once.
    pub(super) fn asked(&self) -> Vec<String> {
        std::mem::take(&mut self.rule.asked.lock().unwrap())
    }

    pub(super) fn cuts(&self) -> u32 {
        self.rule.cuts.load(Ordering::SeqCst)
    }

    /// Hangs up on everybody and takes no new connection.
    pub(super) fn close(&self) {
        self.rule.closed.store(true, Ordering::SeqCst);
        self.rule.hang_up.notify_waiters();
    }

    pub(super) fn open(&self) {
        self.rule.closed.store(false, Ordering::SeqCst);
    }
}

async fn between(client: UnixStream, server: UnixStream, rule: &Rule) {
    let (mut from_client, to_client) = client.into_split();
    let (from_server, mut to_server) = server.into_split();
    let (muted, hush) = (Arc::new(AtomicBool::new(false)), Arc::new(Notify::new()));
    let mut answers = JoinSet::new();
    answers.spawn(back(from_server, to_client, Arc::clone(&muted), Arc::clone(&hush)));
    let (mut first, mut known) = (true, Known::default());
    while let Some(message) = message(&mut from_client, first).await {
        if let (false, Some(text)) = (first, known.executed(&message)) {
            rule.asked.lock().unwrap().push(text);
        }
        first = false;
        let commits = message.starts_with(b"Q") && message.get(5..11) == Some(b"COMMIT");
        let cut = if commits { rule.now() } else { Cut::Never };
        match cut {
            Cut::Never => {}
            Cut::Before => return,
            Cut::After => muted.store(true, Ordering::SeqCst),
            Cut::Amid => {
                muted.store(true, Ordering::SeqCst);
                hush.notify_one();
            }
        }
        if to_server.write_all(&message).await.is_err() {
            return;
        }
        if cut != Cut::Never {
            // The answer comes, and goes nowhere.
            answers.join_next().await;
            return;
        }
    }
}

/// The statements that a connection has prepared, and the one that is bound.
#[derive(Default)]
struct Known {
    texts: HashMap<String, String>,
    bound: String,
}

impl Known {
    /// The text of the statement, if the message lets one run.
    fn executed(&mut self, message: &[u8]) -> Option<String> {
        let mut words = message.get(5..)?.split(|byte| *byte == 0).map(String::from_utf8_lossy);
        let mut word = || words.next().map(String::from).unwrap_or_default();
        match message.first()? {
            b'Q' => Some(word()),
            b'P' => {
                let name = word();
                self.texts.insert(name, word());
                None
            }
            b'B' => {
                let _portal = word();
                self.bound = word();
                None
            }
            b'E' => self.texts.get(&self.bound).cloned(),
            _ => None,
        }
    }
}

/// One message of a client: a letter, unless it is the first, and a length that counts itself.
async fn message(from: &mut OwnedReadHalf, first: bool) -> Option<Vec<u8>> {
    let mut head = vec![0; if first { 4 } else { 5 }];
    from.read_exact(&mut head).await.ok()?;
    let length = u32::from_be_bytes(head[head.len() - 4..].try_into().unwrap());
    let mut body = vec![0; length as usize - 4];
    from.read_exact(&mut body).await.ok()?;
    head.extend(body);
    Some(head)
}

/// Hands on what the server says, up to what it says once it is muted.
async fn back(mut from: OwnedReadHalf, to: OwnedWriteHalf, muted: Arc<AtomicBool>, hush: Arc<Notify>) {
    let (mut to, mut bytes) = (Some(to), vec![0; 1 << 16]);
    loop {
        let read = tokio::select! {
            read = from.read(&mut bytes) => read.unwrap_or(0),
            () = hush.notified() => {
                to = None;
                continue;
            }
        };
        if read == 0 || muted.load(Ordering::SeqCst) {
            return;
        }
        if let Some(to) = &mut to
            && to.write_all(&bytes[..read]).await.is_err()
        {
            return;
        }
    }
}
