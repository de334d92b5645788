#include "support/reader.h"
#include "support/monotonic.h"
#include "support/platform.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PIECE_BYTES = 64 * 1024, LEASE_TICK_MS = 20, MS_IN_S = 1000, NS_IN_MS = 1000000 };

/* What the thread shares with its reader, which may leave it; the last one frees it. */
struct feed {
    atomic_int holders;
    bool may_be_folder;
    atomic_bool is_folder;
    int from, to;              /* the descriptor that is read, and the pipe to the reader */
    _Atomic(const char *) why; /* NULL: all was read */
    atomic_int number;         /* errno; 0: @why says it all */
    char path[];
};

struct reader {
    struct feed *feed;
    int from; /* the pipe */
    struct platform_watch signals;
    sigset_t mask_before;
};

static void feed_release(struct feed *feed)
{
    if (atomic_fetch_sub(&feed->holders, 1) == 1)
        free(feed);
}

static bool give_up(struct feed *feed, const char *why, int number)
{
    atomic_store(&feed->number, number);
    atomic_store(&feed->why, why);
    return false;
}

static bool is_standard_input(const struct feed *feed)
{
    return !feed->may_be_folder && strcmp(feed->path, "-") == 0;
}

/* EAGAIN: another process has a lease on the file, and was asked to give it back. */
static bool feed_open(struct feed *feed)
{
    const int64_t end_ms = monotonic_ms() + (int64_t)READER_SILENCE_S * MS_IN_S;
    const struct timespec tick = { 0, (long)LEASE_TICK_MS * NS_IN_MS };

    feed->from = STDIN_FILENO;
    if (is_standard_input(feed))
        return true;
    do
        feed->from = open(feed->path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
    while (feed->from < 0 && errno == EAGAIN && monotonic_ms() < end_ms &&
           nanosleep(&tick, NULL) == 0);
    return feed->from >= 0 || give_up(feed, "cannot be opened", errno);
}

/* Is it something that may be read? Fills in how long it may be silent: a pipe that is standard
 * input may have a person at its other end. */
static bool feed_check(struct feed *feed, int *silence_ms)
{
    struct stat is;

    *silence_ms = -1;
    if (fstat(feed->from, &is) != 0)
        return give_up(feed, "cannot be read", errno);
    atomic_store(&feed->is_folder, S_ISDIR(is.st_mode) && feed->may_be_folder);
    if (feed->is_folder)
        return true;
    if (S_ISDIR(is.st_mode))
        return give_up(feed, "found a directory, expected a file", 0);
    if (is_standard_input(feed))
        return true;
    if (!S_ISREG(is.st_mode) && (feed->may_be_folder || !S_ISFIFO(is.st_mode)))
        return give_up(feed, "found a device or socket, expected a file or a pipe", 0);
    *silence_ms = READER_SILENCE_S * MS_IN_S;
    return true;
}

/* False: the reader has closed the pipe. */
static bool pass_on(int to, const char *data, size_t length)
{
    while (length > 0) {
        ssize_t put = write(to, data, length);

        if (put < 0 && errno != EINTR)
            return false;
        if (put > 0) {
            data += put;
            length -= (size_t)put;
        }
    }
    return true;
}

/* A pipe that was opened without a writer is ready only when there is one. */
static void feed_read(struct feed *feed, int silence_ms)
{
    char piece[PIECE_BYTES];
    struct pollfd ready = { .fd = feed->from, .events = POLLIN };
    ssize_t got = 1;

    while (got != 0) {
        if (poll(&ready, 1, silence_ms) == 0) {
            give_up(feed, "found a pipe that delivers nothing, expected a file", 0);
            return;
        }
        got = read(feed->from, piece, sizeof piece);
        if (got < 0 && errno != EINTR && errno != EAGAIN) {
            give_up(feed, "cannot be read", errno);
            return;
        }
        if (got > 0 && !pass_on(feed->to, piece, (size_t)got))
            return;
    }
}

/* Takes the descriptor over. */
static void feed_list(struct feed *feed)
{
    DIR *folder = fdopendir(feed->from);
    const struct dirent *entry;
    bool goes_on = folder != NULL || give_up(feed, "cannot be read", errno);

    while (goes_on && (entry = readdir(folder)) != NULL)
        goes_on = pass_on(feed->to, entry->d_name, strlen(entry->d_name) + 1);
    if (folder != NULL) {
        closedir(folder);
        feed->from = -1;
    }
}

static void *feed_run(void *pointer)
{
    struct feed *feed = pointer;
    int silence_ms;

    if (feed_open(feed) && feed_check(feed, &silence_ms)) {
        if (feed->is_folder)
            feed_list(feed);
        else
            feed_read(feed, silence_ms);
    }
    if (feed->from > STDIN_FILENO)
        close(feed->from);
    close(feed->to);
    feed_release(feed);
    return NULL;
}

/* Every signal is blocked in the thread: SIGPIPE too, when the reader has left. */
static int thread_start(struct feed *feed)
{
    sigset_t all, before;
    pthread_t thread;
    int number;

    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    number = pthread_create(&thread, NULL, feed_run, feed);
    if (number == 0)
        pthread_detach(thread);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    return number;
}

/* Blocks the signals that end a program, and begins to look for them. */
static bool signals_watch(struct platform_watch *watch, sigset_t *before)
{
    static const int ending[] = { SIGINT, SIGTERM, SIGQUIT, SIGHUP, SIGALRM };
    sigset_t watched;

    pthread_sigmask(SIG_BLOCK, NULL, before);
    sigemptyset(&watched);
    for (size_t i = 0; i < sizeof ending / sizeof ending[0]; i++) {
        struct sigaction action = { 0 };

        sigaction(ending[i], NULL, &action);
        if (action.sa_handler != SIG_IGN &&
            !(ending[i] == SIGHUP && sigismember(before, SIGHUP) == 1))
            sigaddset(&watched, ending[i]);
    }
    pthread_sigmask(SIG_BLOCK, &watched, NULL);
    return platform_watch_start(watch, &watched);
}

static enum hm_code open_as(struct reader **reader, const char *path, bool may_be_folder,
                            struct hm_error *err)
{
    size_t length = strlen(path);
    struct reader *made = malloc(sizeof *made);
    struct feed *feed = malloc(sizeof *feed + length + 1);
    int ends[2] = { -1, -1 }, number;

    *reader = NULL;
    if (made == NULL || feed == NULL) {
        free(made);
        free(feed);
        return hm_error_set(err, HM_NO_MEMORY, "%s: out of memory", path);
    }
    *feed = (struct feed){ .holders = 2, .may_be_folder = may_be_folder, .from = -1 };
    memcpy(feed->path, path, length + 1);
    *made = (struct reader){ .feed = feed };
    number =
        signals_watch(&made->signals, &made->mask_before) && platform_pipe(ends) == 0 ? 0 : errno;
    feed->to = ends[1];
    made->from = ends[0];
    if (number == 0)
        number = thread_start(feed);
    if (number != 0) {
        close(ends[1]);
        feed_release(feed); /* the thread's */
        reader_close(made);
        return hm_error_set(err, HM_INTERNAL, "%s: cannot be read: %s", path, strerror(number));
    }
    *reader = made;
    return HM_OK;
}

enum hm_code reader_open(struct reader **reader, const char *path, struct hm_error *err)
{
    return open_as(reader, path, false, err);
}

enum hm_code reader_open_any(struct reader **reader, const char *path, struct hm_error *err)
{
    return open_as(reader, path, true, err);
}

bool reader_had_folder(const struct reader *reader)
{
    return reader->feed->is_folder;
}

/* After the thread has closed the pipe: was all read? */
static enum hm_code judge(const struct feed *feed, const char *name, struct hm_error *err)
{
    const char *why = atomic_load(&feed->why);
    int number = atomic_load(&feed->number);

    if (why == NULL)
        return HM_OK;
    return hm_error_set(err, HM_BAD_INPUT, "%s: %s%s%s", name, why, number == 0 ? "" : ": ",
                        number == 0 ? "" : strerror(number));
}

enum hm_code reader_next(struct reader *reader, char *piece, size_t size, size_t *got,
                         struct hm_error *err)
{
    const char *name = is_standard_input(reader->feed) ? "standard input" : reader->feed->path;
    ssize_t count;

    *got = 0;
    do {
        if (!platform_watch_wait(&reader->signals, reader->from))
            return hm_error_set(err, HM_BAD_INPUT, "%s: a signal came while it was read", name);
        count = read(reader->from, piece, size);
    } while (count < 0 && errno == EINTR);
    if (count < 0)
        return hm_error_set(err, HM_BAD_INPUT, "%s: cannot be read: %s", name, strerror(errno));
    *got = (size_t)count;
    return count == 0 ? judge(reader->feed, name, err) : HM_OK;
}

void reader_close(struct reader *reader)
{
    if (reader == NULL)
        return;
    if (reader->from >= 0)
        close(reader->from);
    platform_watch_end(&reader->signals);
    feed_release(reader->feed);
    pthread_sigmask(SIG_SETMASK, &reader->mask_before, NULL);
    free(reader);
}
