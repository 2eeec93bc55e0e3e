//! The system calls that nothing inside the walls needs, and that would lead out of them.
//!
//! Landlock knows of TCP only. Here every kind of socket is refused, and what would get around that:
//! rings of requests that the kernel works off by itself, and other processes' memory and descriptors.

use seccompiler::{BpfProgram, Error, SeccompAction, SeccompFilter, TargetArch};
use std::collections::BTreeMap;

/// What is refused. A tool that tries gets "not permitted", as in any sandbox, and goes on without.
const REFUSED: [libc::c_long; 37] = [
    // Sockets. Making one would be enough; the rest is for one that somebody forgot to close.
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
    libc::SYS_sendto,
    libc::SYS_sendmsg,
    libc::SYS_sendmmsg,
    // Through a ring all of that can be asked for without a system call.
    libc::SYS_io_uring_setup,
    libc::SYS_io_uring_enter,
    libc::SYS_io_uring_register,
    // Other processes of the same user, the worker among them.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    // Other namespaces and file systems.
    libc::SYS_unshare,
    libc::SYS_setns,
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_open_by_handle_at,
    // Parts of the kernel where most of its holes are found.
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_keyctl,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
];

/// On x86-64 the same calls have second numbers, for programs with short pointers.
#[cfg(target_arch = "x86_64")]
const SECOND_NUMBERS: Option<libc::c_long> = Some(0x4000_0000);
#[cfg(not(target_arch = "x86_64"))]
const SECOND_NUMBERS: Option<libc::c_long> = None;

/// Refuses them to this thread and all that it starts. There is no way back.
///
/// # Errors
/// When the kernel, or what contains this process, takes no filter.
pub(crate) fn refuse() -> Result<(), Error> {
    seccompiler::apply_filter(&program()?)
}

fn program() -> Result<BpfProgram, Error> {
    let mut rules = BTreeMap::new();
    for call in REFUSED {
        rules.insert(call, Vec::new());
        if let Some(bit) = SECOND_NUMBERS {
            rules.insert(call | bit, Vec::new());
        }
    }
    let not_permitted = u32::try_from(libc::EPERM).unwrap_or(1);
    let filter = SeccompFilter::new(
        rules,
        SeccompAction::Allow,
        SeccompAction::Errno(not_permitted),
        TargetArch::try_from(std::env::consts::ARCH)?,
    )?;
    Ok(filter.try_into()?)
}
