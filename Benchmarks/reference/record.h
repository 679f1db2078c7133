// Records as upon writes them: what the C references have in common.
//
// Text is copied in runs: eight bytes are looked at in one word, and only what JSON escapes or what is not ASCII is
// looked at byte by byte.
#ifndef RECORD_H
#define RECORD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

struct record_output {
    size_t used;
    uint64_t seq;
    struct timespec noticed;
    char time[32];
    time_t second;
    char bytes[(1 << 16) + (1 << 21)];
};

static struct record_output output;

static inline void put(const char *text, size_t size)
{
    memcpy(output.bytes + output.used, text, size);
    output.used += size;
}

#define PUT(literal) put(literal, sizeof(literal) - 1)

static inline void put_number(uint64_t value)
{
    char digits[20];
    size_t place = sizeof digits;
    do {
        digits[--place] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    put(digits + place, sizeof digits - place);
}

static void record_flush(void)
{
    size_t written = 0;
    while (written < output.used) {
        ssize_t count = write(1, output.bytes + written, output.used - written);
        if (count < 0)
            exit(1);
        written += (size_t)count;
    }
    output.used = 0;
}

// The moment of the events that follow: read once for each read of the descriptor.
static void record_now(void)
{
    clock_gettime(CLOCK_REALTIME, &output.noticed);
    if (output.noticed.tv_sec != output.second) {
        struct tm parts;
        output.second = output.noticed.tv_sec;
        gmtime_r(&output.second, &parts);
        strftime(output.time, sizeof output.time, "%Y-%m-%dT%H:%M:%S.", &parts);
    }
    long micros = output.noticed.tv_nsec / 1000;
    for (int place = 25; place > 19; place--, micros /= 10)
        output.time[place] = (char)('0' + micros % 10);
    output.time[26] = 'Z';
}

static inline size_t plain_run(const unsigned char *text, size_t size)
{
    const uint64_t ones = 0x0101010101010101, highs = 0x8080808080808080;
    size_t at = 0;
    for (; at + 8 <= size; at += 8) {
        uint64_t word;
        memcpy(&word, text + at, 8);
        uint64_t special = (word | (word - ones * 0x20) | ((word ^ ones * 0x22) - ones) | ((word ^ ones * 0x5c) - ones)
                            | ((word ^ ones * 0x7f) - ones)) & highs;
        if (special)
            return at + (size_t)__builtin_ctzll(special) / 8;
    }
    for (; at < size; at++)
        if (text[at] < 0x20 || text[at] > 0x7e || text[at] == '"' || text[at] == '\\')
            break;
    return at;
}

// The length of the UTF-8 sequence at the front, negative for that of an invalid one.
static int sequence(const unsigned char *text, size_t size)
{
    unsigned lead = text[0], low = 0x80, high = 0xbf;
    int length = lead < 0xc2 ? 1 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 1;
    if (length == 1)
        return -1;
    if (lead == 0xe0) low = 0xa0;
    if (lead == 0xed) high = 0x9f;
    if (lead == 0xf0) low = 0x90;
    if (lead == 0xf4) high = 0x8f;
    for (int at = 1; at < length; at++, low = 0x80, high = 0xbf)
        if ((size_t)at >= size || text[at] < low || text[at] > high)
            return -at;
    return length;
}

static bool put_text(const unsigned char *text, size_t size)
{
    static const char hex[] = "0123456789abcdef";
    bool exact = true;
    for (;;) {
        size_t run = plain_run(text, size);
        put((const char *)text, run);
        text += run;
        size -= run;
        if (!size)
            return exact;
        int length = 1;
        unsigned char byte = *text;
        if (byte >= 0x80) {
            length = sequence(text, size);
            if (length < 0) {
                PUT("\xef\xbf\xbd");
                exact = false;
                length = -length;
            } else if (byte == 0xc2 && text[1] < 0xa0) {
                PUT("\\u00");
                put((char[]){hex[text[1] >> 4], hex[text[1] & 15]}, 2);
            } else {
                put((const char *)text, (size_t)length);
            }
        } else {
            switch (byte) {
            case '"': PUT("\\\""); break;
            case '\\': PUT("\\\\"); break;
            case '\b': PUT("\\b"); break;
            case '\t': PUT("\\t"); break;
            case '\n': PUT("\\n"); break;
            case '\f': PUT("\\f"); break;
            case '\r': PUT("\\r"); break;
            default: PUT("\\u00"); put((char[]){hex[byte >> 4], hex[byte & 15]}, 2);
            }
        }
        text += length;
        size -= (size_t)length;
    }
}

static void put_base64(const unsigned char *bytes, size_t size)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t at = 0; at < size; at += 3) {
        unsigned word = (unsigned)bytes[at] << 16;
        if (at + 1 < size) word |= (unsigned)bytes[at + 1] << 8;
        if (at + 2 < size) word |= bytes[at + 2];
        put((char[]){digits[word >> 18], digits[word >> 12 & 63], at + 1 < size ? digits[word >> 6 & 63] : '=',
                     at + 2 < size ? digits[word & 63] : '='}, 4);
    }
}

// Appends the front of a record, up to its count; `fixed` is what all records of one kind have in common.
static inline void record_begin(const char *fixed, size_t size)
{
    PUT("{\"seq\":");
    put_number(++output.seq);
    PUT(",\"time\":\"");
    put(output.time, 27);
    put(fixed, size);
}

// Appends the field `data` and the end of the record. At most 1 MiB of data fits behind a full batch.
static inline void record_end_with_data(const char *data, size_t size)
{
    PUT(",\"data\":\"");
    bool exact = put_text((const unsigned char *)data, size);
    if (!exact) {
        PUT("\",\"data_base64\":\"");
        put_base64((const unsigned char *)data, size);
    }
    PUT("\"}\n");
    if (output.used >= 1 << 16)
        record_flush();
}

#endif
