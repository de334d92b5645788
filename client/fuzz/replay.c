/* Where there is no fuzzer, the corpus is a test: runs the target on every file named. */
#include "fuzz/fuzz.h"

#include <stdio.h>
#include <stdlib.h>

enum { INPUT_BYTES_MAX = 1024 * 1024 };

int main(int argc, char **argv)
{
    uint8_t *data = malloc(INPUT_BYTES_MAX);
    int status = argc < 2 || data == NULL;

    for (int i = 1; i < argc && status == 0; i++) {
        FILE *file = fopen(argv[i], "rb");
        size_t size;
        uint8_t *exact;

        if (file == NULL) {
            perror(argv[i]);
            status = 1;
            break;
        }
        size = fread(data, 1, INPUT_BYTES_MAX, file);
        (void)fclose(file);
        exact = malloc(size > 0 ? size : 1); /* so that ASan sees a read past the end */
        if (exact == NULL) {
            status = 1;
            break;
        }
        for (size_t at = 0; at < size; at++)
            exact[at] = data[at];
        (void)LLVMFuzzerTestOneInput(exact, size);
        free(exact);
    }
    free(data);
    printf("%d inputs\n", argc - 1);
    return status;
}
