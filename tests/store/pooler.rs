//! A pooler between clients and a PostgreSQL server that hands each transaction to another connection of the server, as
//! PgBouncer does when it pools transactions: what a session has set, prepared or listens to is left behind.

use std::collections::VecDeque;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::unix::{OwnedReadHalf, OwnedWriteHalf};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::AbortHandle;

/// How a server asks for encryption, and what a client that may not have it is answered.
const SSL_REQUEST: [u8; 4] = 80_877_103_u32.to_be_bytes();

pub(super) struct Pooler {
    folder: tempfile::TempDir,
    database: String,
    task: AbortHandle,
}

/// The connections of the server that no transaction uses.
struct Idle {
    there: Mutex<VecDeque<End>>,
    count: Semaphore,
    server: PathBuf,
    database: String,
}

/// One end of a connection, read message by message.
struct End {
    reader: OwnedReadHalf,
    writer: OwnedWriteHalf,
    read: Vec<u8>,
}

impl Pooler {
    /// In front of the server of that database, with so many connections to it.
    pub(super) async fn new(url: &str, connections: usize) -> Self {
        let (database, rest) = url.strip_prefix("postgres:///").unwrap().split_once("?host=").unwrap();
        let server = PathBuf::from(rest.split('&').next().unwrap()).join(".s.PGSQL.5432");
        let folder = tempfile::Builder::new().prefix("pool").tempdir().unwrap();
        let listener = UnixListener::bind(folder.path().join(".s.PGSQL.5432")).unwrap();
        let idle =
            Idle { there: Mutex::default(), count: Semaphore::new(0), server, database: database.to_owned() };
        for _ in 0..connections {
            idle.add().await;
        }
        let idle = Arc::new(idle);
        let serve = async move {
            while let Ok((stream, _)) = listener.accept().await {
                let idle = Arc::clone(&idle);
                tokio::spawn(async move { client(End::new(stream), &idle).await });
            }
        };
        let task = tokio::spawn(serve).abort_handle();
        Self { folder, database: database.to_owned(), task }
    }

    pub(super) fn url(&self) -> String {
        format!("postgres:///{}?host={}&user=postgres", self.database, self.folder.path().display())
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Idle {
    /// The one that has been idle for longest.
    async fn take(&self) -> End {
        self.count.acquire().await.unwrap().forget();
        self.there.lock().unwrap().pop_front().unwrap()
    }

    fn give(&self, server: End) {
        self.there.lock().unwrap().push_back(server);
        self.count.add_permits(1);
    }

    async fn add(&self) {
        let mut server = End::new(UnixStream::connect(&self.server).await.unwrap());
        let words = format!("user\0postgres\0database\0{}\0\0", self.database);
        let mut hello = u32::try_from(words.len() + 8).unwrap().to_be_bytes().to_vec();
        hello.extend(196_608_u32.to_be_bytes());
        hello.extend(words.bytes());
        server.writer.write_all(&hello).await.unwrap();
        while server.next().await.unwrap()[0] != b'Z' {}
        self.give(server);
    }
}

impl End {
    fn new(stream: UnixStream) -> Self {
        let (reader, writer) = stream.into_split();
        Self { reader, writer, read: Vec::new() }
    }

    /// The next `n` bytes of which `length`, in them, says how many there are; nothing when the other end is gone. May
    /// be dropped at any time.
    async fn framed(&mut self, length: std::ops::Range<usize>) -> Option<Vec<u8>> {
        loop {
            if let Some(bytes) = self.read.get(length.clone()) {
                let size = u32::from_be_bytes(bytes.try_into().unwrap()) as usize + length.start;
                if self.read.len() >= size {
                    return Some(self.read.drain(..size).collect());
                }
            }
            if self.reader.read_buf(&mut self.read).await.ok()? == 0 {
                return None;
            }
        }
    }

    async fn next(&mut self) -> Option<Vec<u8>> {
        self.framed(1..5).await
    }

    async fn write(&mut self, message: &[u8]) -> Option<()> {
        self.writer.write_all(message).await.ok()
    }
}

async fn client(mut client: End, idle: &Idle) -> Option<()> {
    while client.framed(0..4).await?[4..8] == SSL_REQUEST {
        client.write(b"N").await?;
    }
    client.write(b"R\0\0\0\x08\0\0\0\0S\0\0\0\x19client_encoding\0UTF8\0Z\0\0\0\x05I").await?;
    loop {
        let message = client.next().await?;
        if message[0] == b'X' {
            return None;
        }
        let mut server = idle.take().await;
        if transaction(&mut client, &mut server, message).await.is_some() {
            idle.give(server);
        } else {
            // Its transaction ends with it.
            drop(server);
            idle.add().await;
            return None;
        }
    }
}

/// Carries messages to and fro until the server is done with a transaction; nothing when an end is gone before that.
async fn transaction(client: &mut End, server: &mut End, first: Vec<u8>) -> Option<()> {
    let (mut message, mut unanswered) = (Some(first), 0);
    loop {
        if let Some(message) = message.take() {
            unanswered += usize::from(matches!(message[0], b'Q' | b'S'));
            server.write(&message).await?;
        }
        tokio::select! {
            asked = client.next() => {
                let asked = asked?;
                if asked[0] == b'X' {
                    return None;
                }
                message = Some(asked);
            }
            said = server.next() => {
                let said = said?;
                client.write(&said).await?;
                if said[0] == b'Z' {
                    unanswered -= 1;
                    if said[5] == b'I' && unanswered == 0 {
                        return Some(());
                    }
                }
            }
        }
    }
}
