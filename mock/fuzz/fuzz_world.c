/* Fuzz target: a world file, its faults included; after a record separator, 0x1E, its
 * contacts_file, which it calls "100". A refusal says why; what is taken can be answered with:
 * every contact is found, and its channels are what the contract says [R2 R5 R8].
 */
#define _GNU_SOURCE /* memfd_create(); NOLINT(bugprone-reserved-identifier) */
#include "fuzz/fuzz.h"

#include "contract/operation_answer.h"
#include "fault/fault.h"
#include "store/world.h"
#include "support/uuid.h"
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SEPARATOR = 0x1E, CONTACTS_FD = 100, LIST_BYTES_MAX = 1024 * 1024 };

/* The file of descriptor CONTACTS_FD, which is opened again by its name. */
static void contacts_file_write(const uint8_t *data, size_t size)
{
    int fd = memfd_create("contacts", MFD_CLOEXEC);

    must(fd >= 0 && write(fd, data, size) == (ssize_t)size && dup2(fd, CONTACTS_FD) == CONTACTS_FD);
    close(fd);
}

static void contact_check(struct store *store, struct contact *contact)
{
    struct answer_breaches breaches;
    struct channel_view view = { 0 };
    struct buf answer;
    size_t length;
    const char *text;
    char uuid[UUID_TEXT];

    contact_uuid(uuid, contact);
    must(store_find(store, uuid) == contact);
    must(store_view(store, contact, &view) == HM_OK);
    text = channel_view_text(&view, &length);
    buf_init(&answer, LIST_BYTES_MAX);
    buf_add(&answer, text, length);
    buf_putc(&answer, ']');
    must(operation_answer_check(
             NULL, operation_row(OPERATION_CHANNEL_LIST), NULL,
             &(struct operation_answer){ "application/json", buf_text(&answer), answer.length },
             NULL, &breaches, NULL) == HM_OK);
    must(breaches.total == 0);
    buf_fini(&answer);
    channel_view_fini(&view);
}

/* As loaded, and as after a reset. */
static void store_check(struct store *store)
{
    struct store *fresh = NULL;

    must(store_fresh(&fresh, store, NULL) == HM_OK);
    for (size_t i = 0; i < store_contact_count(store); i++) {
        char uuid[UUID_TEXT];

        contact_uuid(uuid, store_contact_at(store, i));
        contact_check(store, store_find(store, uuid));
        contact_check(fresh, store_find(fresh, uuid));
    }
    store_free(fresh);
}

static enum hm_code world_load(const char *text, size_t size, struct hm_error *err)
{
    struct json_file file = { 0 };
    struct faults *faults = NULL;
    struct store *store = NULL;
    enum hm_code code = json_file_parse(&file, "/proc/self/fd/world.json", text, size, err);

    if (code == HM_OK)
        code = world_read(&store, &file, err);
    if (code == HM_OK)
        store_check(store);
    if (code == HM_OK)
        code = faults_new(&faults, err);
    if (code == HM_OK)
        code = world_faults_read(faults, store, &file, err);
    faults_free(faults);
    store_free(store);
    json_file_fini(&file);
    return code;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *end = size == 0 ? NULL : memchr(data, SEPARATOR, size);
    size_t length = end == NULL ? size : (size_t)(end - data);
    struct hm_error err = { .code = HM_OK };

    if (end != NULL)
        contacts_file_write(end + 1, size - length - 1);
    must(world_load((const char *)data, length, &err) == HM_OK || err.text[0] != '\0');
    if (end != NULL)
        close(CONTACTS_FD);
    return 0;
}
