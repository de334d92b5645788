#include "intercept/clear_port.h"

#include "intercept/allow_target.h"
#include "intercept/head_server.h"
#include "support/no_memory.h"
#include "support/try.h"
#include <stdlib.h>
#include <string.h>

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
        asked_note(port->asked, INTERCEPT_NAME, strlen(INTERCEPT_NAME), INTERCEPTED_CLEAR_PORT,
                   ASKED_REFUSED);
    head_client_answer(client, method.length > 0 ? "403 Forbidden" : "400 Bad Request",
                       "heymarket-mock: this request was sent in the clear; use "
                       "https://" INTERCEPT_NAME);
}

enum hm_code clear_port_start(struct clear_port **port, const struct sockaddr_in *address,
                              struct asked *asked, struct hm_error *err)
{
    enum hm_code code;

    *port = calloc(1, sizeof **port);
    if (*port == NULL)
        return no_memory(err);
    (*port)->asked = asked;
    (*port)->server.on_head = on_head;
    TRY(loop_init(&(*port)->loop, err));
    TRY(head_server_listen(&(*port)->loop, &(*port)->server, address, err));
    TRY(loop_start(&(*port)->loop, err));
out:
    if (code != HM_OK) {
        clear_port_stop(*port);
        *port = NULL;
    }
    return code;
}

int clear_port_number(const struct clear_port *port)
{
    return port->server.port;
}

void clear_port_stop(struct clear_port *port)
{
    if (port == NULL)
        return;
    loop_fini(&port->loop);
    free(port);
}
