#pragma once
/* event-config.h defines _GNU_SOURCE, with which the member of fd_set has another name than in Swift's
   Glibc module; the two could not be imported together. As in CSystem.h. */
#ifndef _GNU_SOURCE
#define _GNU_SOURCE 1
#endif
#include <features.h>
#undef __USE_XOPEN
#include <sys/select.h>
#define __USE_XOPEN 1

#include <event2/event.h>
#include <event2/util.h>
