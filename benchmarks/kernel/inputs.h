/* What `search.c` takes: pointers to the model's own columns and tables, and its numbers. */

#include <stdint.h>

/* The same names, in the same order, are in `binding.py`. */
struct inputs {
    /* persons */
    const uint64_t *id, *exposure;
    const int16_t *born, *home, *employer, *place, *search_since, *practice, *academic;
    const uint8_t *education, *field, *role, *contract, *hours, *prior, *last, *search, *sex;
    const float *awareness;
    const uint8_t *past;
    const float *contacts, *outlook, *side;
    /* the board */
    const uint32_t *b_row;
    const double *b_place;
    const uint32_t *b_first, *b_listed, *b_before;
    const uint64_t *b_steps, *b_id;
    const uint16_t *b_employer;
    const uint8_t *b_role, *b_kind;
    const uint16_t *b_spot;
    const uint8_t *b_contract;
    const int16_t *b_hours;
    const uint16_t *b_town;
    /* seekers, places, tables */
    const int64_t *seekers;
    const int8_t *town_region;
    const float *distance;
    const int8_t *sector_of;
    const uint8_t *partner;
    const double *arc, *posts, *reach, *insider, *outsider;
    const uint8_t *near;
    const int64_t *age_edges, *work_edges;
    const double *chance, *unseen, *value, *security, *scale;
    /* what policy leaves and shows; by employer, the last row for having none */
    const double *sector_left, *outside_left, *known, *promoted;
    const int16_t *pool;
    /* room for rows that are seen, one more than open vacancies, and for draws of pairs */
    uint32_t *shown;
    uint64_t *words;
    /* what is written */
    int64_t *out_seeker, *out_vacancy;
    double *out_utility;
    uint8_t *out_posts;
    /* sizes */
    int64_t n_seekers, n_open, n_employers, n_roles, n_towns, n_fields, n_classes;
    /* numbers */
    int64_t month, candidate_age;
    double other_region, other_field, mixing, applications;
    double gain_contacts, contacts_most, gain_partner, gain_most;
    double cost_distance, cost_sector, cost_outside, cost_contract, prospect_risk, cost_hours,
        cost_stay, full_week;
    double push, ending, jobless, taste_sd, per_contact;
    uint64_t key_window, key_seen, key_taste, key_choice;
};
