/* The values of a JSON file, read so that a complaint about any of them says
 * FILE:LINE:COL: POINTER: found ..., expected ...
 *
 * jansson keeps no positions, so the text is scanned again when there is something to complain
 * about.
 */
#ifndef SUPPORT_JSON_NODE_H
#define SUPPORT_JSON_NODE_H

#include "support/json_file.h"
#include <stdbool.h>
#include <stdint.h>

/* A value within a file and its parents; lives on the reader's stack while its children are read.
 * Build the root with json_node_root(), the rest with the functions below. */
struct json_node {
    const struct json_file *file;
    const struct json_node *parent; /* NULL: the root */
    const char *key;                /* of an object's member; NULL: an array's element */
    size_t index;
    json_t *value; /* borrowed from the file */
};

struct json_node json_node_root(const struct json_file *file);

/* The member or element; .value is NULL where there is none (a complaint about it then points at
 * the parent and names the member). @key must outlive the node. */
struct json_node json_node_member(const struct json_node *object, const char *key);
struct json_node json_node_element(const struct json_node *array, size_t index);

/* Bytes from the start of the text to the node's value; without one, to its nearest ancestor's. */
size_t json_node_offset(const struct json_node *node);

/* Fills err with "FILE:LINE:COL: /pointer: " and the printf-style rest; returns HM_BAD_INPUT. */
enum hm_code json_complain(const struct json_node *node, struct hm_error *err, const char *format,
                           ...) __attribute__((format(printf, 3, 4)));

/* Complains "found a string, expected an integer" with the value's actual type. */
enum hm_code json_complain_type(const struct json_node *node, struct hm_error *err,
                                const char *expected);

enum json_presence { JSON_OPTIONAL, JSON_REQUIRED };

/* Typed members of an object. An optional one that is absent leaves the out-parameter as it was
 * (for nodes: .value NULL). A value of another type: HM_BAD_INPUT with a complaint. Strings are
 * borrowed from the file; one with a NUL inside is refused. */
HM_MUST_USE enum hm_code json_get_string(const struct json_node *object, const char *key,
                                         enum json_presence presence, const char **out,
                                         struct hm_error *err);
HM_MUST_USE enum hm_code json_get_integer(const struct json_node *object, const char *key,
                                          enum json_presence presence, int64_t least, int64_t most,
                                          int64_t *out, struct hm_error *err);
HM_MUST_USE enum hm_code json_get_object(const struct json_node *object, const char *key,
                                         enum json_presence presence, struct json_node *out,
                                         struct hm_error *err);
HM_MUST_USE enum hm_code json_get_array(const struct json_node *object, const char *key,
                                        enum json_presence presence, struct json_node *out,
                                        struct hm_error *err);

/* The value must be an object whose members are all in @allowed (ends with NULL); an unknown
 * one is complained of at its place, with the nearest name. */
HM_MUST_USE enum hm_code json_expect_object(const struct json_node *node,
                                            const char *const *allowed, struct hm_error *err);

/* "a string", "an integer", "null" ... for messages; "nothing" for NULL. */
const char *json_type_name(const json_t *value);

#endif
