return {2}
