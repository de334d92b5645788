/* Files that block in open() or read(), and the signals that end that.
 * conformance/tests/slow_files.py tries the same with the programs. */
#include "support/file.h"
#include "support/monotonic.h"
#include "support/reader.h"
#include "tests/temporary.h"
#include "tests/unit.h"
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

enum { PIECE = 64, END_MS = 5000, BEFORE_SIGNAL_MS = 50, SIGNALS_END = 32 };

static const char on_slow_mount[] = "/slow/mount/file";
static atomic_bool is_in_open;
static volatile sig_atomic_t caught;

/* The names are the linker's. NOLINTBEGIN(bugprone-reserved-identifier) */
int __real_open(const char *path, int flags, ...);
int __wrap_open(const char *path, int flags, ...);
/* NOLINTEND(bugprone-reserved-identifier) */

/* A mount whose server does not answer: open() never returns. */
int __wrap_open(const char *path, int flags, ...) /* NOLINT(bugprone-reserved-identifier) */
{
    while (strcmp(path, on_slow_mount) == 0) {
        atomic_store(&is_in_open, true);
        pause();
    }
    return __real_open(path, flags);
}

static void note(int number)
{
    caught = number;
}

static void sleep_ms(int ms)
{
    const struct timespec wait = { .tv_nsec = (long)ms * 1000000 };

    nanosleep(&wait, NULL);
}

static void *terminate_soon(void *pointer)
{
    (void)pointer;
    sleep_ms(BEFORE_SIGNAL_MS);
    kill(getpid(), SIGTERM);
    return NULL;
}

typedef enum hm_code (*open_fn)(struct reader **reader, const char *path, struct hm_error *err);

/* Reads on until an error, or the end, while SIGTERM comes. Returns whether that ended the reading
 * and was noted only after reader_close(). */
static bool ends_at_a_signal(open_fn open_it, const char *path)
{
    struct sigaction action = { .sa_handler = note }, before;
    sigset_t ours, others;
    struct hm_error err = { 0 };
    struct reader *reader;
    enum hm_code code = HM_OK;
    pthread_t thread;
    char piece[PIECE];
    size_t got = 1;
    bool was_noted_late;

    caught = 0;
    sigaction(SIGTERM, &action, &before);
    sigemptyset(&ours);
    sigaddset(&ours, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &ours, &others); /* in the thread that sends it */
    assert_int_equal(pthread_create(&thread, NULL, terminate_soon, NULL), 0);
    pthread_sigmask(SIG_SETMASK, &others, NULL);
    assert_int_equal(open_it(&reader, path, &err), HM_OK);
    while (code == HM_OK && got > 0)
        code = reader_next(reader, piece, sizeof piece, &got, &err);
    was_noted_late = caught == 0;
    reader_close(reader);
    pthread_join(thread, NULL);
    sigaction(SIGTERM, &before, NULL);
    return code == HM_BAD_INPUT && strstr(err.text, ": a signal came while it was read") != NULL &&
           was_noted_late && caught == SIGTERM;
}

TEST(a_slow_mount_does_not_hold_up_a_signal)
{
    int64_t began_ms = monotonic_ms();

    assert_true(ends_at_a_signal(reader_open, on_slow_mount));
    assert_true(atomic_load(&is_in_open));
    assert_in_range(monotonic_ms() - began_ms, 0, END_MS);
}

TEST(a_folder_on_a_slow_mount_does_not_either)
{
    atomic_store(&is_in_open, false);
    assert_true(ends_at_a_signal(reader_open_any, on_slow_mount));
    assert_true(atomic_load(&is_in_open));
}

TEST_WITHIN(the_entries_of_a_folder_are_read, place_setup, place_teardown)
{
    const struct place *place = *state;
    struct buf names;
    bool is_folder, is_there = false;

    buf_init(&names, PIECE);
    close(__real_open(place->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    assert_int_equal(file_or_folder_read(&names, &is_folder, place->dir, NULL), HM_OK);
    assert_true(is_folder);
    for (size_t at = 0; at < names.length; at += strlen(names.data + at) + 1)
        is_there = is_there || strcmp(names.data + at, strrchr(place->path, '/') + 1) == 0;
    buf_fini(&names);
    assert_true(is_there);
    assert_int_equal(file_or_folder_read(&names, &is_folder, place->path, NULL), HM_OK);
    assert_false(is_folder);
    assert_int_equal(names.length, 0);
    buf_fini(&names);
    unlink(place->path);
}

TEST_WITHIN(a_pipe_does_not_hold_up_a_signal, place_setup, place_teardown)
{
    const struct place *place = *state;
    int writer;

    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_true(ends_at_a_signal(reader_open, place->path)); /* nobody writes */
    writer = __real_open(place->path, O_RDWR | O_CLOEXEC);
    assert_int_equal(write(writer, "half", 4), 4);
    assert_true(ends_at_a_signal(reader_open, place->path));
    close(writer);
    unlink(place->path);
}

static void *write_late(void *pointer)
{
    int writer = __real_open(pointer, O_WRONLY | O_CLOEXEC); /* waits for the reader */
    bool is_written = write(writer, "one ", 4) == 4;

    sleep_ms(BEFORE_SIGNAL_MS);
    is_written = is_written && write(writer, "two", 3) == 3;
    close(writer);
    return is_written ? pointer : NULL;
}

TEST_WITHIN(a_pipe_that_delivers_is_read_to_its_end, place_setup, place_teardown)
{
    const struct place *place = *state;
    char text[PIECE] = "";
    struct reader *reader;
    pthread_t thread;
    size_t got = 1, length = 0;

    assert_int_equal(mkfifo(place->path, 0600), 0);
    assert_int_equal(
        pthread_create(&thread, NULL, write_late,
                       /* NOLINTNEXTLINE(performance-no-int-to-ptr): casts const away */
                       (void *)(uintptr_t)place->path),
        0);
    assert_int_equal(reader_open(&reader, place->path, NULL), HM_OK);
    while (got > 0) {
        assert_int_equal(reader_next(reader, text + length, sizeof text - 1 - length, &got, NULL),
                         HM_OK);
        length += got;
    }
    reader_close(reader);
    pthread_join(thread, NULL);
    unlink(place->path);
    assert_string_equal(text, "one two");
}

TEST(signals_are_as_before)
{
    sigset_t before, after;
    struct reader *reader;

    pthread_sigmask(SIG_BLOCK, NULL, &before);
    assert_int_equal(reader_open(&reader, "/dev/null", NULL), HM_OK);
    reader_close(reader);
    pthread_sigmask(SIG_BLOCK, NULL, &after);
    for (int number = 1; number < SIGNALS_END; number++)
        assert_int_equal(sigismember(&before, number), sigismember(&after, number));
}
