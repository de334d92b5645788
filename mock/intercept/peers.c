#include "intercept/peers.h"

#include "support/platform.h"
#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
    SEARCHES_MAX = 32, /* each reads the list of all processes */
    LINE_TEXT = 512,
    LINK_TEXT = 4096,
    INODE_WORD = 9 /* of a line of /proc/net/tcp, after the local and the other address */
};

/* The last row is for all others. */
static const struct runtime runtimes[] = {
    { "node", "Node.js", "NODE_EXTRA_CA_CERTS", NULL },
    { "deno", "Deno", "DENO_CERT", NULL },
    { "bun", "Bun", "NODE_EXTRA_CA_CERTS", NULL },
    { "python", "Python", "SSL_CERT_FILE",
      "requests reads REQUESTS_CA_BUNDLE, or else the file that python3 -m certifi prints" },
    { "pypy", "PyPy", "SSL_CERT_FILE", "requests reads REQUESTS_CA_BUNDLE" },
    { "ruby", "Ruby", "SSL_CERT_FILE", NULL },
    { "php", "PHP", "PHP_INI_SCAN_DIR", "or curl.cainfo and openssl.cafile in php.ini" },
    { "java", "Java", "JAVA_TOOL_OPTIONS", "its own store is lib/security/cacerts of its JDK" },
    { "perl", "Perl", "PERL_LWP_SSL_CA_FILE", "HTTP::Tiny reads SSL_CERT_FILE" },
    { "curl", "curl", "CURL_CA_BUNDLE", NULL },
    { "wget", "wget", "WGETRC", NULL },
    { "git", "git", "GIT_SSL_CAINFO", NULL },
    { "dotnet", ".NET", "SSL_CERT_FILE", NULL },
    { "openssl", "openssl", "SSL_CERT_FILE", NULL },
    { "", "a program", "SSL_CERT_FILE",
      "a program with libcurl reads no variable: give it the file by its own option" },
};

static const struct runtime *runtime_of(const char *program)
{
    const struct runtime *row = runtimes;

    while (strncmp(program, row->start, strlen(row->start)) != 0)
        row++;
    return row;
}

/* An address and port as /proc/net/tcp has it; /proc/net/tcp6 has @mapped before it. */
static void address_write(char *out, size_t size, const char *mapped, const struct sockaddr_in *at)
{
    snprintf(out, size, "%s%08X:%04X", mapped, at->sin_addr.s_addr, ntohs(at->sin_port));
}

/* The inode of the socket with these addresses; 0: it is not in the list. */
static unsigned long inode_find(const char *list, const char *mapped,
                                const struct sockaddr_in *local, const struct sockaddr_in *other)
{
    char here[LINE_TEXT], there[LINE_TEXT], line[LINE_TEXT];
    unsigned long inode = 0;
    FILE *file = fopen(list, "re");

    if (file == NULL)
        return 0;
    address_write(here, sizeof here, mapped, local);
    address_write(there, sizeof there, mapped, other);
    while (inode == 0 && fgets(line, sizeof line, file) != NULL) {
        char *rest = NULL, *word = strtok_r(line, " \n", &rest);
        bool is_it = true;

        for (int i = 1; word != NULL && i <= INODE_WORD && is_it; i++) {
            word = strtok_r(NULL, " \n", &rest);
            is_it = word != NULL && (i != 1 || strcmp(word, here) == 0) &&
                    (i != 2 || strcmp(word, there) == 0);
        }
        if (is_it && word != NULL)
            inode = strtoul(word, NULL, 10);
    }
    fclose(file);
    return inode;
}

/* The client's socket of a connection, whose one end is @fd. */
static unsigned long client_inode(int fd)
{
    struct sockaddr_in client, mock;
    socklen_t client_bytes = sizeof client, mock_bytes = sizeof mock;
    unsigned long inode;

    if (getpeername(fd, (struct sockaddr *)&client, &client_bytes) != 0 ||
        getsockname(fd, (struct sockaddr *)&mock, &mock_bytes) != 0 || client.sin_family != AF_INET)
        return 0;
    inode = inode_find("/proc/net/tcp", "", &client, &mock);
    return inode != 0 ? inode
                      : inode_find("/proc/net/tcp6", "0000000000000000FFFF0000", &client, &mock);
}

/* Has the process this socket? */
static bool has_socket(int process, const char *socket)
{
    const int fd = openat(process, "fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    bool has_it = false;

    if (list == NULL) {
        if (fd >= 0)
            close(fd);
        return false;
    }
    while (!has_it && (entry = readdir(list)) != NULL) {
        char link[LINE_TEXT];
        const ssize_t length = readlinkat(fd, entry->d_name, link, sizeof link - 1);

        has_it = length > 0 && strlen(socket) == (size_t)length &&
                 memcmp(link, socket, (size_t)length) == 0;
    }
    closedir(list);
    return has_it;
}

/* The directory in /proc of a process, of our user's unless that is root, that has the socket, but
 * is not we; -1: none.
 */
static int process_find(unsigned long inode, pid_t *pid)
{
    char socket[LINE_TEXT];
    DIR *list = opendir("/proc");
    const struct dirent *entry;
    int found = -1;

    snprintf(socket, sizeof socket, "socket:[%lu]", inode);
    while (list != NULL && found < 0 && (entry = readdir(list)) != NULL) {
        const long number = strtol(entry->d_name, NULL, 10);
        struct stat status;

        if (number <= 0 || number == (long)getpid())
            continue;
        found = openat(dirfd(list), entry->d_name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (found >= 0 &&
            (fstat(found, &status) != 0 || (getuid() != 0 && status.st_uid != getuid()) ||
             !has_socket(found, socket))) {
            close(found);
            found = -1;
        }
        *pid = (pid_t)number;
    }
    if (list != NULL)
        closedir(list);
    return found;
}

/* Only whether it is there, and not empty: what else is in the environment is not kept. */
static bool is_in_environment(pid_t pid, const char *variable)
{
    const size_t length = strlen(variable);
    char path[LINE_TEXT], *text = NULL;
    size_t capacity = 0;
    bool is_there = false;
    FILE *file;

    snprintf(path, sizeof path, "/proc/%ld/environ", (long)pid);
    file = fopen(path, "re");
    while (file != NULL && !is_there && getdelim(&text, &capacity, '\0', file) > 0)
        is_there =
            strncmp(text, variable, length) == 0 && text[length] == '=' && text[length + 1] != '\0';
    if (file != NULL)
        fclose(file);
    if (text != NULL)
        platform_erase(text, capacity);
    free(text);
    return is_there;
}

/* False: the program is not known. */
static bool peer_find(struct peer *peer, int fd)
{
    const unsigned long inode = client_inode(fd);
    char link[LINK_TEXT];
    const char *name;
    pid_t pid = 0;
    ssize_t length;
    size_t at = 0;
    const int process = inode == 0 ? -1 : process_find(inode, &pid);

    if (process < 0)
        return false;
    length = readlinkat(process, "exe", link, sizeof link - 1);
    close(process);
    if (length <= 0)
        return false;
    link[length] = '\0';
    name = strrchr(link, '/') == NULL ? link : strrchr(link, '/') + 1;
    for (; at < PEER_NAME_TEXT - 1 && name[at] != '\0'; at++)
        peer->program[at] = (char)(name[at] > ' ' && name[at] < 0x7f ? name[at] : '?');
    peer->program[at] = '\0';
    peer->runtime = runtime_of(peer->program);
    peer->has_variable = is_in_environment(pid, peer->runtime->variable);
    peer->failed = 0;
    return true;
}

/* The client waits for the mock's certificate, so its process is there. */
static void on_start(void *data, int fd)
{
    struct peers *peers = data;
    struct peer peer;
    bool is_due;
    size_t i = 0;

    pthread_mutex_lock(&peers->lock);
    is_due = peers->begun < SEARCHES_MAX;
    peers->begun++;
    pthread_mutex_unlock(&peers->lock);
    if (!is_due || !peer_find(&peer, fd))
        return;
    pthread_mutex_lock(&peers->lock);
    while (i < peers->count && (peers->at[i].has_variable != peer.has_variable ||
                                strcmp(peers->at[i].program, peer.program) != 0))
        i++;
    if (i == peers->count && i < PEERS_MAX)
        peers->at[peers->count++] = peer;
    if (i < peers->count) {
        const size_t place = (size_t)fd % PEER_HANDSHAKES_MAX;

        peers->handshakes[place].fd = fd;
        peers->handshakes[place].peer = i;
    }
    pthread_mutex_unlock(&peers->lock);
}

static void on_failure(void *data, int fd)
{
    struct peers *peers = data;
    const size_t place = fd < 0 ? 0 : (size_t)fd % PEER_HANDSHAKES_MAX;

    pthread_mutex_lock(&peers->lock);
    if (fd >= 0 && peers->handshakes[place].fd == fd) {
        peers->at[peers->handshakes[place].peer].failed++;
        peers->handshakes[place].fd = -1;
    }
    pthread_mutex_unlock(&peers->lock);
}

void peers_init(struct peers *peers)
{
    memset(peers, 0, sizeof *peers);
    pthread_mutex_init(&peers->lock, NULL);
    for (size_t i = 0; i < PEER_HANDSHAKES_MAX; i++)
        peers->handshakes[i].fd = -1;
    peers->watch = (struct handshake_watch){ on_start, on_failure, peers };
}

void peers_fini(struct peers *peers)
{
    pthread_mutex_destroy(&peers->lock);
}

const struct peer *peers_worst(const struct peers *peers)
{
    const struct peer *worst = NULL;

    for (size_t i = 0; i < peers->count; i++) {
        if (peers->at[i].failed > (worst == NULL ? 0 : worst->failed))
            worst = &peers->at[i];
    }
    return worst;
}

void peer_cure(struct buf *out, const struct peer *peer, const struct environment *given,
               bool has_files)
{
    const struct runtime *runtime = peer->runtime;

    buf_puts(out, peer->program);
    if (runtime->start[0] != '\0' && strcmp(runtime->name, peer->program) != 0)
        buf_printf(out, " (%s)", runtime->name);
    buf_puts(out, " does not trust the mock's certificate");
    if (peer->has_variable)
        buf_printf(
            out, " although %s is set: it has certificates of its own, or accepts one only. %s",
            runtime->variable,
            has_files ? "--trust-file PEM adds the mock's to a bundle as CMD sees it"
                      : "Give it the file that $SSL_CERT_FILE names, by an option of its own");
    else if (environment_find(given, runtime->variable) != NULL)
        buf_printf(out,
                   ": %s is not in its environment, although CMD was started with it. What "
                   "starts %s must pass it on",
                   runtime->variable, peer->program);
    else
        buf_printf(out, ": set %s to a file with the mock's root%s", runtime->variable,
                   has_files ? ", or use --trust-file PEM" : "");
    if (runtime->hint != NULL)
        buf_printf(out, " (%s)", runtime->hint);
}

json_t *peers_json(const struct peers *peers)
{
    json_t *list = json_array();

    for (size_t i = 0; i < peers->count; i++) {
        const struct peer *peer = &peers->at[i];

        if (peer->failed > 0)
            json_array_append_new(
                list, json_pack("{ss,ss,ss,sb,sI}", "program", peer->program, "runtime",
                                peer->runtime->name, "variable", peer->runtime->variable, "set",
                                peer->has_variable, "failed", (json_int_t)peer->failed));
    }
    return list;
}
