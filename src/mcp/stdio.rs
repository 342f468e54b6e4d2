//! Standard input and output as streams that keep nobody alive: a read that never ends must not keep a process
//! from ending that was told to stop.

use std::io::{Read, stdin};
use std::os::fd::AsFd;
use std::os::unix::fs::FileTypeExt;

use rmcp::transport::io::stdio_pipes;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt, duplex, stdout};
use tokio::runtime::Handle;

use super::McpError;

/// How much of the input is read ahead, in bytes.
const AHEAD: usize = 1 << 16;

pub(super) type Reader = Box<dyn AsyncRead + Send + Unpin>;
pub(super) type Writer = Box<dyn AsyncWrite + Send + Unpin>;

/// Standard input and output. Pipes are read without blocking; anything else, as the sockets that some clients use,
/// by a thread of its own that dies with the process.
///
/// # Errors
/// [`McpError::Io`] when there is no thread to be had.
pub(super) fn stdio() -> Result<(Reader, Writer), McpError> {
    if is_pipe(stdin()) && is_pipe(std::io::stdout()) {
        let (reader, writer) = stdio_pipes();
        return Ok((Box::new(reader), Box::new(writer)));
    }
    let (mut inlet, outlet) = duplex(AHEAD);
    let runtime = Handle::current();
    let pump = move || {
        let (mut input, mut bytes) = (stdin().lock(), vec![0; AHEAD]);
        loop {
            match input.read(&mut bytes) {
                Ok(0) => return,
                Ok(length) => {
                    let read = bytes.get(..length).unwrap_or_default();
                    if runtime.block_on(inlet.write_all(read)).is_err() {
                        return;
                    }
                }
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return tracing::warn!(%error, "standard input cannot be read"),
            }
        }
    };
    let thread = std::thread::Builder::new().name("stdin".to_owned());
    thread.spawn(pump).map_err(McpError::io("read", "standard input".as_ref()))?;
    Ok((Box::new(outlet), Box::new(stdout())))
}

fn is_pipe(stream: impl AsFd) -> bool {
    let facts = stream.as_fd().try_clone_to_owned().map(std::fs::File::from).and_then(|file| file.metadata());
    facts.is_ok_and(|facts| facts.file_type().is_fifo())
}
