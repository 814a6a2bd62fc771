/* The careless collector in C: toy.py tells what it does. It knows as much of JSON as its task takes. */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define MOST 65536
static char log_dir[4096], data[MOST * 64], line[MOST], request[MOST];

static void say(const char *text) {
    size_t length = strlen(text);
    if (write(1, text, length) != (ssize_t)length) exit(1);
}

static int by_name(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

/* The names in a directory, sorted; -1 where it cannot be listed. */
static int entries(const char *path, char ***names) {
    DIR *directory = opendir(path);
    struct dirent *entry;
    int count = 0;
    *names = malloc(sizeof(char *) * 4096);
    if (!directory) return -1;
    while ((entry = readdir(directory)))
        if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") && count < 4096) (*names)[count++] = strdup(entry->d_name);
    closedir(directory);
    qsort(*names, count, sizeof(char *), by_name);
    return count;
}

/* Whether brackets outside of texts match: what is torn is no JSON. */
static int whole(const char *text) {
    int depth = 0, inside = 0;
    if (*text != '{' && *text != '[') return 0;
    for (; *text; text++) {
        if (inside && *text == '\\' && text[1]) text++;
        else if (*text == '"') inside = !inside;
        else if (!inside && strchr("{[", *text)) depth++;
        else if (!inside && strchr("}]", *text)) depth--;
    }
    return depth == 0 && !inside;
}

static int extension(const char *handler) {
    char events[8192], path[16384], **names;
    snprintf(events, sizeof events, "%s/%s/events", log_dir, handler);
    int count = entries(events, &names);
    if (count < 0) return -1;
    for (int i = 0; i < count; i++) {
        size_t length = 0;
        ssize_t got;
        snprintf(path, sizeof path, "%s/%s", events, names[i]);
        int file = open(path, O_RDONLY);
        if (file < 0) return -1;
        while ((got = read(file, data + length, MOST)) > 0) length += got;
        if (close(file) || got < 0) return -1;
        data[length] = 0;
        if (!whole(data) || unlink(path)) return -1;
        int index = 0;
        for (char *at = data; (at = strstr(at, "\"Message\"")); index++) {
            char *begin = strchr(at + 9, '"'), *end = begin + 1;
            while (*end && *end != '"') end += *end == '\\' ? 2 : 1;
            snprintf(line, sizeof line, "{\"type\":\"event\",\"key\":[\"%s\",\"%s\",%d],\"eventId\":1,\"providerId\":\"toy\",\"file_type\":\"json\","
                     "\"parameters\":[{\"name\":\"Message\",\"value\":%.*s}]}\n", handler, names[i], index, (int)(end - begin + 1), begin);
            say(line);
            at = end;
        }
    }
    return 0;
}

static void collect(void) {
    char **handlers;
    int count = entries(log_dir, &handlers);
    for (int i = 0; i < count; i++)
        if (extension(handlers[i])) return;
}

int main(void) {
    while (fgets(request, sizeof request, stdin)) {
        if (strstr(request, "\"type\":\"hello\"")) say("{\"type\":\"hello\",\"protocol\":1,\"capabilities\":{\"settings\":[]}}\n");
        else if (strstr(request, "\"type\":\"start\"")) {
            char *begin = strstr(request, "\"log_dir\":\"") + 11;
            *strchr(begin, '"') = 0;
            snprintf(log_dir, sizeof log_dir, "%s", begin);
            say("{\"type\":\"started\"}\n");
        } else if (strstr(request, "\"type\":\"collect\"")) {
            collect();
            say("{\"type\":\"done\"}\n");
        } else return 0;
    }
    return 0;
}
