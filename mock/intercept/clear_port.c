#include "intercept/clear_port.h"

#include "intercept/allow_target.h"
#include "intercept/head_server.h"
#include "support/no_memory.h"
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct clear_port {
    struct head_server server; /* first */
    struct loop loop;
    struct asked *asked;
};

static void on_head(struct head_server *server, struct loop *loop, struct head_client *client,
                    struct span method, struct span target)
{
    struct clear_port *port = (void *)server;

    (void)loop;
    (void)target;
    if (method.length > 0)
        asked_note(port->asked, INTERCEPTED_HOST, strlen(INTERCEPTED_HOST), INTERCEPTED_CLEAR_PORT,
                   ASKED_REFUSED);
    head_client_answer(client, method.length > 0 ? "403 Forbidden" : "400 Bad Request",
                       "heymarket-mock: this request was sent in the clear; use "
                       "https://" INTERCEPTED_HOST);
}

enum hm_code clear_port_start(struct clear_port **port, int fd, struct asked *asked,
                              struct hm_error *err)
{
    struct clear_port *made = calloc(1, sizeof *made);
    enum hm_code code;

    *port = made;
    if (made == NULL) {
        close(fd);
        return no_memory(err);
    }
    made->asked = asked;
    made->server.on_head = on_head;
    code = loop_init(&made->loop, err);
    head_server_add(&made->loop, &made->server, fd);
    if (code == HM_OK)
        code = loop_start(&made->loop, err);
    if (code != HM_OK) {
        clear_port_stop(made);
        *port = NULL;
    }
    return code;
}

void clear_port_stop(struct clear_port *port)
{
    if (port == NULL)
        return;
    loop_fini(&port->loop);
    free(port);
}
