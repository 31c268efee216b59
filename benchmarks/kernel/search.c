/* Search and choice in C: the yardstick of hesim.model.search.search_and_choose.
 *
 * It takes the model's own columns and tables as they lie in memory and writes the same
 * applications. Written as somebody would who writes C for speed: no allocation, no division in a
 * loop, constants known to the compiler, everything of a seeker in registers or on the stack, no
 * jump that cannot be foretold while looking. Only the compiler makes it faster than that, told
 * `-O3 -march=native`; no fast-math, so that results are those of the model.
 *
 * Rules are not explained here; see src/hesim/model/ and docs/odd.md.
 */

#include "inputs.h"

#include <math.h>

/* Codes and sizes of the model, such as HEADINGS or PERMANENT, come from `binding.py` as -D. */
enum { MOST = 128 }; /* room for the applications of one seeker */

/* Each step has the registers to itself: 5 percent faster than one large loop. */
#define APART __attribute__((noinline))

/* Keyed draws: SplitMix64 read at a place; see hesim.random. */
static inline uint64_t output_after(uint64_t seed, uint64_t steps)
{
    uint64_t x = seed + steps;
    x = (x ^ (x >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    x = (x ^ (x >> 27)) * UINT64_C(0x94D049BB133111EB);
    return x ^ (x >> 31);
}

static inline uint64_t output_at(uint64_t seed, uint64_t place)
{
    return output_after(seed, (place + 1) * UINT64_C(0x9E3779B97F4A7C15));
}

static inline uint64_t moment(uint64_t key, int64_t counter, uint64_t lane)
{
    return output_at(key, ((uint64_t)counter << 32) | lane);
}

static inline double to_unit(uint64_t word) { return ((double)(word >> 12) + 0.5) * 0x1p-52; }

static inline double draw(uint64_t seed, uint64_t identity)
{
    return to_unit(output_at(seed, identity));
}

static inline double smaller(double a, double b) { return a < b ? a : b; }

static inline double offers(const double *tastes, const double *value)
{
    double sum = 0.0;
    for (int heading = 0; heading < HEADINGS; heading++)
        sum += tastes[heading] * value[heading];
    return sum;
}

/* What of a seeker both steps need. */
struct seeker {
    int64_t employer, role, kind, contract, hours;
    double tastes[HEADINGS], bar, cost[SECTORS], risk[CONTRACTS], outlook[SECTORS];
    const double *left[SECTORS];
    const float *distance;
};

/* Of 2^52 words of a draw, those that mean to see a vacancy: by class, sector and region,
 * partner or not. */
enum { CLASSES_MOST = 64 };
typedef uint64_t limits[CLASSES_MOST * SECTORS * REGIONS][2];

/* Words whose draw, (word + 0.5) / 2^52, is less than a chance; exact, as all steps are. */
static inline uint64_t words_below(double chance)
{
    return (uint64_t)ceil(chance * 0x1p52 - 0.5);
}

/* Band that so many months fall in, given the months at which a higher one begins. */
static inline int64_t band_of(int64_t months, const int64_t *edges, int bands)
{
    int64_t band = 0;
    for (int edge = 0; edge < bands - 1; edge++)
        band += months >= edges[edge];
    return band;
}

/* Chances of each sector to be thought of by somebody like this, outside both. */
static inline const double *of_outsider(const struct inputs *in, int64_t i)
{
    int64_t at = in->prior[i];
    at = at * AGES + band_of(in->month - in->born[i], in->age_edges, AGES);
    at = at * LEVELS + in->education[i];
    at = at * EXPERIENCES +
         band_of((int64_t)in->practice[i] + in->academic[i], in->work_edges, EXPERIENCES);
    return in->reach + (at * SEXES + in->sex[i]) * SECTORS;
}

/* Chance that a sector comes to mind by the life somebody has had. */
static inline double by_biography(const struct inputs *in, int64_t i, int64_t kind, int insider,
                                  double reach)
{
    const int64_t at = (in->past[i] | in->near[in->home[i]]) * SECTORS + kind;
    if (insider) {
        const double told = (1.0 - (double)in->awareness[i]) *
                            (1.0 - smaller(in->per_contact * in->contacts[i], 1.0));
        return 1.0 - (1.0 - in->insider[at]) * told;
    }
    const double odds = reach * in->outsider[at];
    return odds / (1.0 - reach + odds);
}

/* Who thinks of which sector, and sees which share of its vacancies. */
static void fill_limits(const struct inputs *in, int64_t i, int64_t from, limits limit)
{
    const int64_t worked = in->prior[i] != SCHOOL_LEAVER;
    const int64_t came_from = from != NO_JOB ? from : in->last[i];
    const double *outsider = of_outsider(in, i);
    const int64_t row = in->employer[i] < 0 ? in->n_employers : in->employer[i];
    const double known = in->known[row];
    const int64_t home = in->town_region[in->home[i]];
    const double ties = 1.0 + in->gain_contacts * smaller(in->contacts[i], in->contacts_most);
    for (int64_t kind = 0; kind < SECTORS; kind++) {
        int thinks = 1;
        if (kind != came_from) {
            const int insider = from < OUTSIDE || in->last[i] < OUTSIDE;
            double considered = by_biography(in, i, kind, insider, outsider[kind]);
            considered += (1.0 - considered) * known;
            const uint64_t at = moment(in->key_seen, in->search_since[i], (uint64_t)kind);
            thinks = considered >= 1.0 || (considered > 0.0 && draw(at, in->id[i]) < considered);
        }
        const int across = from + kind == HBO + WO;
        const double unseen = in->unseen[(came_from * KINDS + kind) * 2 + worked];
        const double *by_channel = in->chance + (came_from * KINDS + kind) * CHANNELS;
        for (int partners = 0; partners < 2; partners++) {
            const double factor =
                across ? (partners ? ties * (1.0 + in->gain_partner) : ties) : 1.0;
            const double told = smaller(by_channel[ACQUAINTANCES] * factor, in->gain_most);
            const double asked = smaller(by_channel[ASKED] * factor, in->gain_most);
            const double seen = thinks ? 1.0 - unseen * (1.0 - told) * (1.0 - asked) : 0.0;
            for (int64_t class = 0; class < in->n_classes; class++) {
                const double more = thinks ? in->promoted[class * (KINDS + 1) + from] : 0.0;
                const double all = seen + (1.0 - seen) * more;
                for (int64_t region = 0; region < REGIONS; region++)
                    limit[(class * SECTORS + kind) * REGIONS + region][partners] =
                        words_below(region == home ? all : all * in->other_region);
            }
        }
    }
}

/* Costs of a change but that of hours: by the kind and by the contract changed to. */
static void fill_costs(const struct inputs *in, int64_t i, struct seeker *who)
{
    const int leaves = who->kind != NO_JOB, risks = leaves && who->contract == PERMANENT;
    const int64_t came_from = leaves ? who->kind : in->last[i];
    for (int64_t kind = 0; kind < SECTORS; kind++) {
        const int across = came_from + kind == HBO + WO;
        const int moves = came_from != NO_JOB && came_from != kind;
        who->cost[kind] = !moves ? 0.0 : across ? in->cost_sector : in->cost_outside;
        who->left[kind] = across ? in->sector_left : in->outside_left;
        who->outlook[kind] = across ? (double)in->outlook[i] : 0.0;
    }
    for (int64_t contract = 0; contract < CONTRACTS; contract++) {
        const double share = contract == WITH_PROSPECT ? in->prospect_risk : 1.0;
        const int gives_up = risks && contract != PERMANENT;
        who->risk[contract] = (leaves ? in->cost_stay : 0.0) +
                              (gives_up ? in->cost_contract * share : 0.0);
    }
}

/* Circle that a person looks at. */
static inline int64_t circle_of(const struct inputs *in, int64_t field, double which)
{
    if (which < in->other_field)
        return (int64_t)(which / in->other_field * (double)in->n_fields);
    const double beyond = which - in->other_field;
    if (beyond >= in->mixing)
        return field;
    int64_t circle = 0;
    while (in->posts[circle] < beyond / in->mixing)
        circle++;
    return circle;
}

/* Look along a stretch; note rows that are seen in `shown` and return their number. */
APART static int64_t look(const struct inputs *in, int64_t own_class, const struct seeker *who,
                          int64_t circle, double start, double width, uint64_t sees_from,
                          limits limit)
{
    const int64_t open = in->n_open;
    const uint32_t *restrict first = in->b_first;
    const uint32_t *restrict listed = in->b_listed + own_class * open;
    const uint32_t *restrict before = in->b_before + own_class * (open + 1);
    const uint16_t *restrict employers = in->b_employer;
    const uint16_t *restrict spots = in->b_spot;
    const uint64_t *restrict steps = in->b_steps + own_class * open;
    uint64_t *restrict words = in->words;
    const double *restrict place = in->b_place;
    const uint8_t *restrict partner =
        in->partner + (who->employer < 0 ? in->n_employers - 1 : who->employer) * in->n_employers;
    uint32_t *restrict shown = in->shown;
    int64_t count = 0;
    const double end = start + width;
    for (int part = 0; part < 2; part++) {
        const double low = part == 0 ? start : (double)circle;
        const double high = part == 0 ? smaller(end, (double)circle + 1.0) : end - 1.0;
        if (high <= low)
            continue;
        uint32_t begin = first[(int64_t)(low * GRID)], stop = first[(int64_t)(high * GRID)];
        while (begin < open && place[begin] < low)
            begin++;
        while (stop < open && place[stop] < high)
            stop++;
        /* Draws have a loop of their own, which makes several side by side. */
        const uint32_t from_at = before[begin], end_at = before[stop];
        for (uint32_t at = from_at; at < end_at; at++)
            words[at] = output_after(sees_from, steps[at]) >> 12;
        for (uint32_t at = from_at; at < end_at; at++) {
            const uint32_t k = listed[at];
            /* Written always, counted when seen. */
            shown[count] = k;
            count += words[at] < limit[spots[k]][partner[employers[k]]];
        }
    }
    return count;
}

/* The best so far of a seeker, and the bar that more of them must pass. */
struct best {
    double utility[MOST], bar;
    int64_t row[MOST], kept, most;
};

/* Weigh what was seen; keep the best above the bar. */
APART static void weigh(const struct inputs *in, const struct seeker *who, int64_t count,
                        uint64_t weighs_from, const double *restrict highest,
                        struct best *restrict best)
{
    const uint32_t *restrict shown = in->shown;
    const int64_t most = best->most;
    const double by_km = in->cost_distance / KM_UNIT;
    const double by_hour = who->kind == NO_JOB ? 0.0 : in->cost_hours / in->full_week;
    const int64_t own = who->employer < 0 ? in->n_employers : who->employer;
    const uint64_t *restrict ids = in->b_id;
    uint64_t *restrict words = in->words;
    for (int64_t at = 0; at < count; at++)
        words[at] = output_at(weighs_from, ids[shown[at]]);
    double *restrict best_utility = best->utility, bar = best->bar;
    int64_t *restrict best_row = best->row, kept = best->kept;
    for (int64_t at = 0; at < count; at++) {
        const int64_t k = shown[at], hirer = in->b_employer[k], role = in->b_role[k];
        if (hirer == who->employer && role == who->role)
            continue;
        const int64_t kind = in->b_kind[k], offered = in->b_contract[k];
        const int stays = in->pool[hirer] >= 0 && in->pool[hirer] == in->pool[own];
        const int64_t contract = stays && who->contract < offered ? who->contract : offered;
        const double *left = who->left[kind];
        const int alone = who->kind == NO_JOB || left[hirer] > left[own];
        const double most_left = alone ? left[hirer] : left[own];
        const double sum =
            offers(who->tastes, in->value + (hirer * in->n_roles + role) * HEADINGS);
        double utility = in->scale[kind] * (in->security[contract] + sum) -
                         by_km * who->distance[in->b_town[k]];
        const int64_t change = who->hours - in->b_hours[k];
        utility -= who->cost[kind] * most_left + who->risk[contract] +
                   by_hour * (double)(change < 0 ? -change : change);
        utility += who->outlook[kind];
        const uint64_t word = words[at];
        if (utility + highest[word / (UINT64_MAX / LUCK + 1)] <= bar)
            continue;
        utility -= log(-log(to_unit(word)));
        if (utility <= bar)
            continue;
        int64_t slot = kept < most ? kept : most - 1;
        kept = slot + 1;
        for (; slot > 0 && best_utility[slot - 1] < utility; slot--) {
            best_utility[slot] = best_utility[slot - 1];
            best_row[slot] = best_row[slot - 1];
        }
        best_utility[slot] = utility;
        best_row[slot] = k;
        if (kept == most)
            bar = best_utility[most - 1];
    }
    best->bar = bar;
    best->kept = kept;
}

/* Write a seeker's applications, those for one vacancy as one; return their number. */
APART static int64_t write_out(const struct inputs *in, int64_t i, const struct best *best,
                               int64_t total)
{
    const int64_t first = total;
    for (int64_t a = 0; a < best->kept; a++) {
        const int64_t row = in->b_row[best->row[a]];
        int64_t at = first;
        while (at < total && in->out_vacancy[at] != row)
            at++;
        if (at < total) {
            in->out_posts[at]++;
            continue;
        }
        in->out_seeker[total] = i;
        in->out_vacancy[total] = row;
        in->out_utility[total] = best->utility[a];
        in->out_posts[total++] = 1;
    }
    return total - first;
}

/* Applications that a seeker may send: a fraction by chance. */
static inline int64_t most_applications(const struct inputs *in, uint64_t identity)
{
    const int64_t most = (int64_t)in->applications;
    if ((double)most == in->applications)
        return most;
    const uint64_t at = moment(in->key_window, in->month, 3);
    return most + (draw(at, identity) < in->applications - (double)most);
}

/* Write the month's applications; return their number. */
int64_t search_and_choose(const struct inputs *in)
{
    const double spread = in->taste_sd * sqrt(12.0);
    uint64_t taste_seeds[HEADINGS];
    double highest[LUCK];
    int64_t total = 0;
    /* Bounds of the random pull of a job by step of its draw. */
    for (int step = 0; step < LUCK - 1; step++)
        highest[step] = SAFE - log(-log((step + 1.0) / LUCK));
    highest[LUCK - 1] = INFINITY;
    for (uint64_t heading = 0; heading < HEADINGS; heading++)
        taste_seeds[heading] = moment(in->key_taste, 0, heading);
    for (int64_t s = 0; s < in->n_seekers; s++) {
        const int64_t i = in->seekers[s], employer = in->employer[i];
        const uint64_t identity = in->id[i];
        struct seeker who = {
            .employer = employer, .role = in->role[i], .kind = NO_JOB, .bar = -in->jobless,
            .contract = in->contract[i], .hours = in->hours[i],
            .distance = in->distance + in->home[i] * in->n_towns,
        };
        limits limit;
        for (int heading = 0; heading < HEADINGS; heading++)
            who.tastes[heading] = 1.0 + spread * (draw(taste_seeds[heading], identity) - 0.5);
        if (employer >= 0) {
            who.kind = in->sector_of[employer] < OUTSIDE ? in->sector_of[employer] : OUTSIDE;
            const double sum =
                offers(who.tastes, in->value + (employer * in->n_roles + who.role) * HEADINGS);
            const int bites = __builtin_popcountll(in->exposure[i] & INT64_MAX);
            who.bar = in->scale[who.kind] * (in->security[who.contract] + sum) -
                      in->cost_distance / KM_UNIT * who.distance[in->place[i]] - in->push * bites;
            if (in->search[i] == ENDING)
                who.bar -= in->ending;
            who.bar += in->side[i];
        }
        fill_costs(in, i, &who);
        fill_limits(in, i, who.kind, limit);
        const int young = in->month - in->born[i] < in->candidate_age && who.role != CANDIDATE;
        const int64_t own_class = in->education[i] + (young ? LEVELS : 0);
        struct best best = { .bar = who.bar, .kept = 0, .most = most_applications(in, identity) };
        const int64_t turns = (int64_t)ceil(in->arc[in->field[i]]);
        uint64_t looks = 0;
        for (int64_t turn = 0; turn < turns; turn++) {
            const uint64_t lane = (uint64_t)turn << TURN;
            const uint64_t at_field = moment(in->key_window, in->month, 2 + lane);
            const uint64_t at_start = moment(in->key_window, in->month, lane);
            const int64_t circle = circle_of(in, in->field[i], draw(at_field, identity));
            const double start = (double)circle + draw(at_start, identity);
            double length = in->arc[circle] / (double)turns;
            for (; length > 0.0; looks++) {
                const double width = smaller(length, 1.0);
                const uint64_t at_seen = moment(in->key_seen, in->month, LOOKS + looks);
                const uint64_t at_choice = moment(in->key_choice, in->month, looks);
                const int64_t count = look(in, own_class, &who, circle, start, width,
                                           output_at(at_seen, identity), limit);
                weigh(in, &who, count, output_at(at_choice, identity), highest, &best);
                length -= width;
            }
        }
        total += write_out(in, i, &best, total);
    }
    return total;
}
