//! What every call of the git program is told, and what it gets of the server's environment. Data only.

/// Settings of the command line win over every file. The two lists that hold commands (credential helpers) are
/// emptied by the environment of the call.
pub(super) const FIXED_CONFIG: &[&str] = &[
    "core.hooksPath=/dev/null",
    "core.fsmonitor=false",
    "core.attributesFile=/dev/null",
    "core.sshCommand=ssh -oBatchMode=yes",
    "core.askPass=",
    // larger files are passed through, not held in memory
    "core.bigFileThreshold=32m",
    "core.untrackedCache=false",
    "core.symlinks=true",
    "core.protectHFS=true",
    "core.protectNTFS=true",
    // borrowed objects come with neither: both say what is in a repository without its being so
    "core.commitGraph=false",
    "core.multiPackIndex=false",
    "pack.useBitmaps=false",
    "pack.writeReverseIndex=false",
    "checkout.workers=0",
    "http.followRedirects=false",
    "http.lowSpeedLimit=1000",
    "http.lowSpeedTime=30",
    "protocol.ext.allow=never",
    "protocol.version=2",
    "submodule.recurse=false",
    "fetch.recurseSubmodules=false",
    "push.recurseSubmodules=no",
    "push.followTags=false",
    "push.gpgSign=false",
    "branch.autoSetupMerge=false",
    "gc.auto=0",
    "maintenance.auto=false",
    "advice.detachedHead=false",
    // What names files outside or runs commands is refused where it comes in. Old repositories hold harmless
    // mistakes that no program makes today.
    "transfer.fsckObjects=true",
    "fetch.fsck.badTimezone=ignore",
    "fetch.fsck.missingSpaceBeforeDate=ignore",
    "fetch.fsck.missingNameBeforeEmail=ignore",
    "fetch.fsck.missingEmail=ignore",
    "fetch.fsck.missingSpaceBeforeEmail=ignore",
    "fetch.fsck.badEmail=ignore",
    "fetch.fsck.zeroPaddedDate=ignore",
    "fetch.fsck.zeroPaddedFilemode=ignore",
];

pub(super) const FIXED_ENV: &[(&str, &str)] = &[
    ("LC_ALL", "C"),
    ("GIT_CONFIG_NOSYSTEM", "1"),
    ("GIT_CONFIG_GLOBAL", "/dev/null"),
    ("GIT_ATTR_NOSYSTEM", "1"),
    ("GIT_TERMINAL_PROMPT", "0"),
    ("GIT_ASKPASS", ""),
    ("GIT_NO_LAZY_FETCH", "1"),
    ("GIT_NO_REPLACE_OBJECTS", "1"),
    ("GIT_CEILING_DIRECTORIES", "/"),
    ("GIT_LITERAL_PATHSPECS", "1"),
    ("GIT_OPTIONAL_LOCKS", "0"),
    ("GIT_PROTOCOL_FROM_USER", "0"),
];

pub(super) const PASSED_ENV: &[&str] = &["PATH", "HOME", "USER", "LOGNAME", "TMPDIR"];

/// What ssh, proxies and credential helpers need; only commands that talk to a remote get it.
pub(super) const REMOTE_ENV: &[&str] = &[
    "SSH_AUTH_SOCK",
    "XDG_RUNTIME_DIR",
    "DBUS_SESSION_BUS_ADDRESS",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "http_proxy",
    "https_proxy",
    "HTTPS_PROXY",
    "all_proxy",
    "ALL_PROXY",
    "no_proxy",
    "NO_PROXY",
];
