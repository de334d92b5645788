#include "control/viewers.h"

#include "control/control_env.h"
#include "control/event_text.h"
#include "exchange/sandbox.h"
#include "support/loop.h"
#include "support/monotonic.h"
#include "support/platform.h"
#include "support/uuid.h"
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>
#include <utlist.h>

enum {
    LIFE_LETTERS = 8,
    TICK_MS = 50,           /* between two looks for new events */
    TICK_ANSWERS = 50,      /* that are kept in one tick: 1,000 a second */
    CHANGED_MS = 250,       /* between two events of changes */
    TICK_BYTES = 524288,    /* that are added for all viewers together in one tick, about */
    OUT_BYTES_MAX = 8388608 /* of one viewer: that and the last event */
};

/* One who watches. */
struct viewer {
    struct watch watch; /* first: its address is the viewer's */
    struct viewers *viewers;
    struct sandbox *sandbox;
    struct journal_follower follower;
    bool is_ready;         /* it has all that there was when it came */
    unsigned seen[TOPICS]; /* of the sandbox's changes */
    unsigned changes;      /* not sent yet: bits */
    int64_t changed_ms;    /* when changes were sent last */
    int64_t moved_ms;      /* when it took bytes last, or had none to take */
    struct buf out;        /* not taken yet, from @sent on */
    size_t sent;
};

/* The events of one tick, for all viewers that are at the same place. */
struct batch {
    int64_t tick;
    const struct journal *journal;
    struct journal_follower before, after;
    unsigned changes; /* that its exchanges made */
    bool is_last;     /* there are no more for now */
    struct buf text;
};

struct viewers {
    struct watch bell; /* first: its address is that of all */
    int button;        /* of the bell, which tells the thread that one has come */
    struct mock *mock;
    struct loop loop;
    char life[UUID_TEXT];  /* differs after a restart */
    pthread_mutex_t lock;  /* of those below, and of the start of the thread */
    struct watch *arrived; /* that the thread does not have yet */
    bool is_over;
    atomic_int places;  /* taken */
    struct batch batch; /* these are the thread's alone */
    struct journal_news news;
};

void viewer_free(void *pointer)
{
    struct viewer *viewer = pointer;

    sandbox_release(viewer->sandbox);
    if (atomic_fetch_sub(&viewer->viewers->places, 1) == 1)
        atomic_store(&viewer->viewers->mock->answers_left, 0);
    buf_fini(&viewer->out);
    free(viewer);
}

static void on_viewer_end(struct watch *watch)
{
    struct viewers *viewers = ((struct viewer *)watch)->viewers;

    viewer_free(watch);
    viewers->batch.journal = NULL; /* it may have gone with the viewer's sandbox */
}

static bool is_same_place(const struct journal_follower *a, const struct journal_follower *b)
{
    return a->next == b->next && a->cleared == b->cleared;
}

/* An exchange that wrote changed its contact; a fault's count changed with its exchange. */
static unsigned changes_of(const struct journal_entry *entry)
{
    bool has_written = entry->status / 100 != 4 && strcmp(entry->text[ENTRY_METHOD], "GET") != 0;

    return (has_written ? 1U << TOPIC_CONTACTS : 0) |
           (strcmp(entry->text[ENTRY_FAULT], "null") != 0 ? 1U << TOPIC_FAULTS : 0);
}

/* The mock's own URL, for those who call its API. */
static void url_take(char url[URL_BELOW_TEXT], const struct viewers *viewers)
{
    char *const *urls = atomic_load(&viewers->mock->urls);

    url_below(url, urls == NULL ? "" : url_of_scheme(urls, "http://"), "");
}

/* Writes the news for those at @place, as far as each may get them in this tick. */
static void batch_make(struct viewers *viewers, struct journal *journal,
                       const struct journal_follower *place)
{
    const size_t share = TICK_BYTES / (size_t)atomic_load(&viewers->places);
    struct journal_news *news = &viewers->news;
    struct batch *batch = &viewers->batch;
    char url[URL_BELOW_TEXT];

    url_take(url, viewers);
    atomic_store(&viewers->mock->answers_left, TICK_ANSWERS);
    batch->journal = journal;
    batch->before = batch->after = *place;
    batch->changes = 0;
    buf_clear(&batch->text);
    journal_follow(news, journal, &batch->after);
    if (news->was_cleared)
        event_write_changed(&batch->text, 0);
    if (news->lost > 0)
        event_write_lost(&batch->text, news->lost);
    for (size_t i = 0; i < news->count; i++) {
        if (batch->text.length < share) {
            event_write_exchange(&batch->text, viewers->life, batch->after.next++, news->at[i],
                                 url);
            batch->changes |= changes_of(news->at[i]);
        }
        journal_release(news->at[i]);
    }
    batch->is_last = news->count < JOURNAL_NEWS_MAX && batch->text.length < share;
}

/* Adds the exchanges that have come. */
static void exchanges_add(struct viewer *viewer, int64_t now_ms)
{
    struct viewers *viewers = viewer->viewers;
    struct batch *batch = &viewers->batch;
    struct journal *journal = viewer->sandbox->journal;
    const int64_t tick = now_ms / TICK_MS;

    if (batch->tick != tick || batch->journal != journal ||
        !is_same_place(&batch->before, &viewer->follower))
        batch_make(viewers, journal, &viewer->follower);
    batch->tick = tick;
    buf_add(&viewer->out, buf_text(&batch->text), batch->text.length);
    if (!buf_ok(&batch->text))
        viewer->out.status = batch->text.status;
    viewer->follower = batch->after;
    viewer->changes |= batch->changes;
    if (batch->is_last && !viewer->is_ready)
        event_write_ready(&viewer->out);
    viewer->is_ready = viewer->is_ready || batch->is_last;
}

static void changes_add(struct viewer *viewer, int64_t now_ms)
{
    for (size_t i = 0; i < TOPICS; i++) {
        const unsigned count =
            atomic_load_explicit(&viewer->sandbox->changes[i], memory_order_relaxed);

        viewer->changes |= viewer->seen[i] != count ? 1U << i : 0;
        viewer->seen[i] = count;
    }
    if (viewer->changes == 0 || now_ms - viewer->changed_ms < CHANGED_MS)
        return;
    event_write_changed(&viewer->out, viewer->changes);
    viewer->changes = 0;
    viewer->changed_ms = now_ms;
}

/* Only once it has taken all of what was before, so that a slow one costs no memory. */
static void news_add(struct viewer *viewer, int64_t now_ms)
{
    exchanges_add(viewer, now_ms);
    changes_add(viewer, now_ms);
    if (viewer->out.length == 0 && now_ms - viewer->moved_ms >= VIEWER_SILENCE_MS)
        buf_puts(&viewer->out, ": \n\n");
    if (viewer->out.length > 0)
        viewer->moved_ms = now_ms;
}

/* False: it has gone, or takes nothing for too long. */
static bool out_send(struct viewer *viewer, int64_t now_ms)
{
    struct buf *out = &viewer->out;

    while (viewer->sent < out->length) {
        /* SIGPIPE is blocked in the threads of the server. */
        ssize_t count =
            send(viewer->watch.fd, out->data + viewer->sent, out->length - viewer->sent, 0);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return (errno == EAGAIN || errno == EWOULDBLOCK) &&
                   now_ms - viewer->moved_ms < VIEWER_PATIENCE_MS;
        viewer->sent += (size_t)count;
        viewer->moved_ms = now_ms;
    }
    buf_clear(out);
    viewer->sent = 0;
    return true;
}

/* A viewer has no more to say: what comes is its end. */
static void on_viewer(struct loop *loop, struct watch *watch, short events)
{
    struct viewer *viewer = (struct viewer *)watch;
    const int64_t now_ms = monotonic_ms();
    bool goes_on = (events & (POLLIN | POLLHUP | POLLERR | POLLNVAL)) == 0 &&
                   !atomic_load_explicit(&viewer->sandbox->has_ended, memory_order_relaxed);

    (void)loop;
    if (goes_on && viewer->sent == viewer->out.length && now_ms >= watch->deadline_ms)
        news_add(viewer, now_ms);
    goes_on = goes_on && buf_ok(&viewer->out) && out_send(viewer, now_ms);
    if (!goes_on)
        loop_drop(watch);
    watch->events = viewer->sent < viewer->out.length ? POLLIN | POLLOUT : POLLIN;
    watch->deadline_ms = (now_ms / TICK_MS + 1) * TICK_MS;
}

/* Those who have come, one after the other; they leave the list. */
static struct watch *arrived_take(struct viewers *viewers)
{
    struct watch *watch;

    pthread_mutex_lock(&viewers->lock);
    watch = viewers->arrived;
    if (watch != NULL)
        DL_DELETE(viewers->arrived, watch);
    pthread_mutex_unlock(&viewers->lock);
    return watch;
}

static void on_arrival(struct loop *loop, struct watch *bell, short events)
{
    struct viewers *viewers = (struct viewers *)bell;
    char ignored[VIEWERS_MAX];
    struct watch *watch;

    (void)events;
    if (read(bell->fd, ignored, sizeof ignored) < 0 && errno != EAGAIN && errno != EINTR)
        loop_drop(bell);
    while ((watch = arrived_take(viewers)) != NULL)
        loop_add(loop, watch);
}

struct viewers *viewers_new(struct mock *mock)
{
    struct viewers *viewers = calloc(1, sizeof *viewers);
    struct hm_error err;
    int ends[2];

    if (viewers == NULL || !uuid_new(viewers->life) || platform_pipe(ends) != 0) {
        free(viewers);
        return NULL;
    }
    viewers->life[LIFE_LETTERS] = '\0';
    viewers->mock = mock;
    viewers->button = ends[1];
    viewers->batch.tick = -1;
    buf_init(&viewers->batch.text, OUT_BYTES_MAX);
    pthread_mutex_init(&viewers->lock, NULL);
    viewers->bell = (struct watch){ .fd = ends[0], .events = POLLIN, .on_ready = on_arrival };
    if (loop_init(&viewers->loop, &err) == HM_OK) {
        loop_add(&viewers->loop, &viewers->bell);
        return viewers;
    }
    close(ends[0]);
    viewers_free(viewers);
    return NULL;
}

/* Starts the thread for the first one. False: there is no place. */
static bool place_take(struct viewers *viewers)
{
    struct hm_error err;
    bool is_taken;

    pthread_mutex_lock(&viewers->lock);
    is_taken = !viewers->is_over && atomic_load(&viewers->places) < VIEWERS_MAX &&
               (viewers->loop.has_thread || loop_start(&viewers->loop, &err) == HM_OK);
    if (is_taken) {
        atomic_fetch_add(&viewers->places, 1);
        atomic_store(&viewers->mock->answers_left, TICK_ANSWERS);
    }
    pthread_mutex_unlock(&viewers->lock);
    return is_taken;
}

struct viewer *viewer_new(struct viewers *viewers, struct sandbox *sandbox, const char *last)
{
    unsigned long long after = ULLONG_MAX; /* which no journal has */
    struct viewer *viewer = calloc(1, sizeof *viewer);
    char url[URL_BELOW_TEXT];
    bool is_resumed;

    if (viewer == NULL || !place_take(viewers)) {
        free(viewer);
        return NULL;
    }
    viewer->watch =
        (struct watch){ .on_ready = on_viewer, .on_end = on_viewer_end, .deadline_ms = 1 };
    viewer->viewers = viewers;
    viewer->sandbox = sandbox;
    sandbox_hold(sandbox);
    viewer->moved_ms = monotonic_ms();
    for (size_t i = 0; i < TOPICS; i++)
        viewer->seen[i] = atomic_load(&sandbox->changes[i]);
    buf_init(&viewer->out, OUT_BYTES_MAX);
    is_resumed = event_id_read(&after, last, viewers->life);
    is_resumed = journal_follow_begin(&viewer->follower, sandbox->journal, after) && is_resumed;
    url_take(url, viewers);
    event_write_hello(&viewer->out, viewers->life, is_resumed, sandbox->id, url);
    return viewer;
}

void viewer_take(void *pointer, int connection)
{
    struct viewer *viewer = pointer;
    struct viewers *viewers = viewer->viewers;
    bool is_over;

    viewer->watch.fd = connection;
    pthread_mutex_lock(&viewers->lock);
    is_over = viewers->is_over;
    if (!is_over)
        DL_APPEND(viewers->arrived, &viewer->watch);
    if (!is_over && write(viewers->button, "", 1) < 0)
        loop_drop(&viewer->watch);
    pthread_mutex_unlock(&viewers->lock);
    if (is_over) {
        close(connection);
        viewer_free(viewer);
    }
}

void viewers_stop(struct viewers *viewers)
{
    struct watch *watch;

    if (viewers == NULL)
        return;
    pthread_mutex_lock(&viewers->lock);
    viewers->is_over = true;
    pthread_mutex_unlock(&viewers->lock);
    loop_fini(&viewers->loop);
    while ((watch = arrived_take(viewers)) != NULL) {
        close(watch->fd);
        viewer_free(watch);
    }
}

void viewers_free(struct viewers *viewers)
{
    if (viewers == NULL)
        return;
    viewers_stop(viewers);
    close(viewers->button);
    buf_fini(&viewers->batch.text);
    pthread_mutex_destroy(&viewers->lock);
    free(viewers);
}
