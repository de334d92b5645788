#include "intercept/peers.h"

#include "tests/unit.h"
#include <arpa/inet.h>
#include <pthread.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* A connection whose client is another process. */
struct connection {
    int fd; /* our end */
    pid_t client;
};

/* An IPv6 socket that connects to an IPv4 address, as Java's do, is listed elsewhere. */
static void client_run(int port, bool is_mapped)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK),
                              .sin_port = htons((uint16_t)port) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
    const int fd = socket(is_mapped ? AF_INET6 : AF_INET, SOCK_STREAM, 0);

    alarm(60); /* should the test fail */
    inet_pton(AF_INET6, "::ffff:127.0.0.1", &v6.sin6_addr);
    if (connect(fd, is_mapped ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4,
                is_mapped ? sizeof v6 : sizeof v4) == 0)
        pause();
    _exit(EXIT_FAILURE);
}

static struct connection connection_make(bool is_mapped)
{
    struct sockaddr_in here = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    const int listener = socket(AF_INET, SOCK_STREAM, 0);
    struct connection made = { .fd = -1 };
    socklen_t bytes = sizeof here;

    assert_int_equal(bind(listener, (struct sockaddr *)&here, sizeof here), 0);
    assert_int_equal(listen(listener, 1), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&here, &bytes), 0);
    made.client = fork();
    if (made.client == 0) {
        close(listener);
        client_run(ntohs(here.sin_port), is_mapped);
    }
    made.fd = accept(listener, NULL, NULL);
    close(listener);
    assert_true(made.fd >= 0);
    return made;
}

static void connection_end(const struct connection *connection)
{
    close(connection->fd);
    kill(connection->client, SIGKILL);
    waitpid(connection->client, NULL, 0);
}

TEST(the_program_of_a_connection_is_found)
{
    for (int is_mapped = 0; is_mapped < 2; is_mapped++) {
        const struct connection connection = connection_make(is_mapped != 0);
        struct peers peers;
        json_t *tree;

        peers_init(&peers);
        peers.watch.on_start(peers.watch.data, connection.fd);
        assert_null(peers_worst(&peers)); /* it has not failed yet */
        peers.watch.on_failure(peers.watch.data, connection.fd);
        peers.watch.on_failure(peers.watch.data, connection.fd); /* of another, unknown */
        assert_non_null(peers_worst(&peers));
        assert_string_equal(peers_worst(&peers)->program, "peers_test");
        assert_int_equal(peers_worst(&peers)->failed, 1);
        tree = peers_json(&peers);
        assert_int_equal(json_array_size(tree), 1);
        json_decref(tree);
        peers_fini(&peers);
        connection_end(&connection);
    }
}

/* The mock's own connections, and what is no connection. */
TEST(what_is_no_program_is_not_found)
{
    struct peers peers;
    int pair[2];

    peers_init(&peers);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, pair), 0);
    peers.watch.on_start(peers.watch.data, pair[0]);
    peers.watch.on_failure(peers.watch.data, pair[0]);
    peers.watch.on_start(peers.watch.data, -1);
    peers.watch.on_failure(peers.watch.data, -1);
    assert_null(peers_worst(&peers));
    close(pair[0]);
    close(pair[1]);
    peers_fini(&peers);
}

static struct peers shared;

static void *fail_often(void *data)
{
    const struct connection *connection = data;

    for (int i = 0; i < 20; i++) {
        shared.watch.on_start(shared.watch.data, connection->fd);
        shared.watch.on_failure(shared.watch.data, connection->fd);
    }
    return NULL;
}

/* The list of processes is read for the first handshakes only. */
TEST(threads_and_many_handshakes_are_fine)
{
    enum { THREADS = 4, SEARCHED = 32 };
    struct connection connections[THREADS];
    pthread_t threads[THREADS];

    peers_init(&shared);
    for (int i = 0; i < THREADS; i++)
        connections[i] = connection_make(false);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, fail_often, &connections[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(shared.count, 1);
    assert_int_equal(peers_worst(&shared)->failed, SEARCHED);
    for (int i = 0; i < THREADS; i++)
        connection_end(&connections[i]);
    peers_fini(&shared);
}

TEST(the_cure_names_the_variable)
{
    static const struct runtime node = { "node", "Node.js", "NODE_EXTRA_CA_CERTS", NULL };
    static const struct runtime other = { "", "a program", "SSL_CERT_FILE", "a hint" };
    static const struct {
        struct peer peer;
        const char *value, *says;
        bool has_files;
    } rows[] = {
        { { .program = "node", .runtime = &node, .has_variable = true },
          "a",
          "node (Node.js) does not trust the mock's certificate although NODE_EXTRA_CA_CERTS is "
          "set: it has certificates of its own, or accepts one only. --trust-file PEM adds",
          true },
        { { .program = "node", .runtime = &node, .has_variable = true },
          "a",
          "or accepts one only. Give it the file that $SSL_CERT_FILE names",
          false },
        { { .program = "node", .runtime = &node },
          "a",
          "NODE_EXTRA_CA_CERTS is not in its environment, although CMD was started with it. What "
          "starts node must pass it on",
          true },
        { { .program = "node", .runtime = &node },
          NULL,
          ": set NODE_EXTRA_CA_CERTS to a file with the mock's root, or use --trust-file PEM",
          true },
        { { .program = "prog", .runtime = &other },
          NULL,
          "prog does not trust the mock's certificate: set SSL_CERT_FILE to a file with the mock's "
          "root (a hint)",
          false },
        { { .program = "prog", .runtime = &other }, "a", "pass it on (a hint)", true },
    };

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct environment given;
        struct buf out;

        environment_init(&given);
        environment_remove(&given, rows[i].peer.runtime->variable);
        environment_set(&given, rows[i].peer.runtime->variable, rows[i].value);
        buf_init(&out, HANDSHAKE_CURE_BYTES_MAX);
        peer_cure(&out, &rows[i].peer, &given, rows[i].has_files);
        if (strstr(buf_text(&out), rows[i].says) == NULL)
            fail_msg("%s", buf_text(&out));
        buf_fini(&out);
        environment_fini(&given);
    }
}
