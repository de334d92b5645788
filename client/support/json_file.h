/* JSON files: loads one, and says where it is wrong as FILE:LINE:COL. Lines and columns count from
 * 1, columns in bytes. */
#ifndef SUPPORT_JSON_FILE_H
#define SUPPORT_JSON_FILE_H

#include <heymarket/error.h>
#include <jansson.h>
#include <stddef.h>

struct json_file {
    char *name; /* as the user wrote it, for messages */
    char *text;
    size_t length;
    json_t *root;
};

/* Reads and parses a whole file; duplicate members are refused.
 * returns HM_OK; HM_BAD_INPUT with the position of a syntax error, or the reason why the file
 * cannot be read (a directory, absent, larger than @ceiling_bytes); HM_NO_MEMORY */
HM_MUST_USE enum hm_code json_file_load(struct json_file *file, const char *path,
                                        size_t ceiling_bytes, struct hm_error *err);

/* The same for a text in memory (a built-in fixture, standard input), which is copied. */
HM_MUST_USE enum hm_code json_file_parse(struct json_file *file, const char *name, const char *text,
                                         size_t length, struct hm_error *err);

/* A zeroed struct is fine. What was borrowed from the file is no longer valid. */
void json_file_fini(struct json_file *file);

/* Writes @tree, indented, with hidden characters escaped. Takes @tree over; NULL: HM_NO_MEMORY.
 * returns HM_OK, HM_BAD_INPUT: it cannot be written, HM_NO_MEMORY */
HM_MUST_USE enum hm_code json_file_write(const char *path, json_t *tree, struct hm_error *err);

/* Fills err with "FILE:LINE:COL: " and the text, escaped for a terminal. Returns HM_BAD_INPUT. */
enum hm_code json_complain_at(const struct json_file *file, size_t offset, struct hm_error *err,
                              const char *text);

#endif
