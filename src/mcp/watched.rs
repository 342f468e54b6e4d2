//! A reader that tells when its other side has gone, at once: the protocol library first waits for answers.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use tokio::io::{AsyncRead, ReadBuf};
use tokio_util::sync::CancellationToken;

/// Cancels a token at the end of the stream, at a failure, and when dropped.
pub(super) struct Watched<R> {
    inner: R,
    gone: CancellationToken,
}

impl<R> Watched<R> {
    pub(super) fn new(inner: R, gone: CancellationToken) -> Self {
        Self { inner, gone }
    }
}

impl<R: AsyncRead + Unpin> AsyncRead for Watched<R> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let read = ready!(Pin::new(&mut self.inner).poll_read(cx, buf));
        if read.is_err() || (buf.filled().len() == before && buf.remaining() > 0) {
            self.gone.cancel();
        }
        Poll::Ready(read)
    }
}

impl<R> Drop for Watched<R> {
    fn drop(&mut self) {
        self.gone.cancel();
    }
}
