#include "tests/barrier.h"

void barrier_init(struct barrier *barrier, int threads)
{
    pthread_mutex_init(&barrier->lock, NULL);
    pthread_cond_init(&barrier->changed, NULL);
    barrier->missing = threads;
}

void barrier_wait(struct barrier *barrier)
{
    pthread_mutex_lock(&barrier->lock);
    barrier->missing--;
    pthread_cond_broadcast(&barrier->changed);
    while (barrier->missing > 0)
        pthread_cond_wait(&barrier->changed, &barrier->lock);
    pthread_mutex_unlock(&barrier->lock);
}

void barrier_fini(struct barrier *barrier)
{
    pthread_cond_destroy(&barrier->changed);
    pthread_mutex_destroy(&barrier->lock);
}
