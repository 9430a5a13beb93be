#include "counting.h"

uint32_t count_records(stella_analysis *job, stella_sv kind) {
    uint32_t count = 0;
    stella_record record = STELLA_RECORD_INIT;
    for (stella_records it = stella_records_of(kind); stella_records_next(job, &it, &record);)
        count++;
    return count;
}
