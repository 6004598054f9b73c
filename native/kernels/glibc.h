/*
 * Included before everything else by build.sh, so that the library runs with every glibc that
 * TensorFlow runs with, back to 2.17: since 2.32 the names below stand for newer versions of
 * themselves, which older systems do not have.
 */
#ifndef GRAFT_GLIBC_H
#define GRAFT_GLIBC_H

#if defined(__x86_64__) && !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define GRAFT_OLDEST(name, version) __asm__(".symver " #name "," #name "@GLIBC_" version)
GRAFT_OLDEST(pthread_create, "2.2.5");
GRAFT_OLDEST(pthread_detach, "2.2.5");
GRAFT_OLDEST(pthread_join, "2.2.5");
GRAFT_OLDEST(pthread_once, "2.2.5");
GRAFT_OLDEST(pthread_sigmask, "2.2.5");
GRAFT_OLDEST(pthread_mutex_trylock, "2.2.5");
GRAFT_OLDEST(pthread_attr_setstacksize, "2.2.5");
GRAFT_OLDEST(pthread_getaffinity_np, "2.3.4");
GRAFT_OLDEST(pthread_setaffinity_np, "2.3.4");
#endif

#endif
